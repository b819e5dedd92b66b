import { native } from '../runtime/native.js';
import { nativeUpdate } from '../runtime/op.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';

/** What {@link Adadelta} takes. */
export interface AdadeltaOptions extends OptimizerOptions {
  /** Default: 0.001 (the paper has 1). */
  learningRate?: OptimizerOptions['learningRate'];
  /** Decay of the means, 0 to 1. Default: 0.95. */
  rho?: number;
  /** Added under both roots. Default: 1e-7. */
  epsilon?: number;
}

type Slot = 'accumulated_grad' | 'accumulated_delta_var';

/**
 * Adadelta: the recent size of steps takes the place of a learning rate.
 * a ← ρ · a + (1 − ρ) g², s = g · √(d + ε) / √(a + ε), d ← ρ · d + (1 − ρ) s², w ← w − rate · s.
 * Zeiler (arXiv 1212.5701); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.adadelta({ learningRate: 1 });
 */
export class Adadelta extends Optimizer<Slot> {
  static readonly className = 'Adadelta';
  private readonly rho: number;
  private readonly epsilon: number;

  constructor(options: AdadeltaOptions = {}) {
    super(options, 0.001);
    this.rho = options.rho ?? 0.95;
    this.epsilon = options.epsilon ?? 1e-7;
    this.checkNumber('rho', this.rho, 1);
    this.checkNumber('epsilon', this.epsilon);
  }

  override getConfig(): Record<string, unknown> {
    return { rho: this.rho, epsilon: this.epsilon, ...super.getConfig() };
  }

  protected override slotGroups() {
    return [['accumulated_grad', 'accumulated_delta_var'] as const];
  }

  protected override update(updates: readonly VariableUpdate<Slot>[], rate: tf.Tensor): void {
    const constants = [tf.scalar(this.rho), tf.scalar(this.epsilon)];
    for (const update of updates) {
      const { variable, gradient, slots } = update;
      if (native() === undefined) this.updateComposed(update, rate);
      else {
        const state = [variable, slots.accumulated_grad, slots.accumulated_delta_var];
        nativeUpdate('ResourceApplyAdadelta', [...state, rate, ...constants, gradient]);
      }
    }
  }

  private updateComposed({ variable, gradient, slots }: VariableUpdate<Slot>, rate: tf.Tensor): void {
    const { rho, epsilon } = this;
    const steps = slots.accumulated_delta_var.read();
    const squares = slots.accumulated_grad
      .read()
      .mul(rho)
      .add(gradient.square().mul(1 - rho));
    const step = gradient.mul(steps.add(epsilon).sqrt()).div(squares.add(epsilon).sqrt());
    slots.accumulated_grad.assign(squares);
    slots.accumulated_delta_var.assign(steps.mul(rho).add(step.square().mul(1 - rho)));
    variable.assignSub(step.mul(rate));
  }
}
