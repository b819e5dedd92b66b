import { native } from '../runtime/native.js';
import { nativeUpdate } from '../runtime/op.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';
import { moveTowards } from './running-mean.js';

/** What {@link Adamax} takes. */
export interface AdamaxOptions extends OptimizerOptions {
  /** Default: 0.001. */
  learningRate?: OptimizerOptions['learningRate'];
  /** Decay of the mean of gradients, 0 to 1. Default: 0.9. */
  beta1?: number;
  /** Decay of the largest gradient, 0 to 1. Default: 0.999. */
  beta2?: number;
  /** Added to the denominator. Default: 1e-7. */
  epsilon?: number;
}

type Slot = 'momentum' | 'norm';

/**
 * Adam with the largest recent gradient as the denominator.
 * m ← m + (1 − β₁)(g − m), u ← max(β₂ · u, |g|), w ← w − rate · m / ((1 − β₁ᵗ)(u + ε)) at the t-th update.
 * Kingma & Ba (arXiv 1412.6980), section 7; Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.adamax({ learningRate: 0.002 });
 */
export class Adamax extends Optimizer<Slot> {
  static readonly className = 'Adamax';
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;

  constructor(options: AdamaxOptions = {}) {
    super(options, 0.001);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.checkNumber('beta1', beta1, 1);
    this.checkNumber('beta2', beta2, 1);
    this.checkNumber('epsilon', epsilon);
  }

  override getConfig(): Record<string, unknown> {
    const { beta1, beta2, epsilon } = this;
    return { beta1, beta2, epsilon, ...super.getConfig() };
  }

  protected override slotGroups() {
    return [['momentum', 'norm'] as const];
  }

  protected override update(
    updates: readonly VariableUpdate<Slot>[],
    rate: tf.Tensor,
    step: tf.Tensor,
  ): void {
    const constants = [this.beta1, this.beta2, this.epsilon].map((value) => tf.scalar(value));
    const power = constants[0]!.pow(step);
    const alpha = rate.div(tf.sub(1, power));
    for (const update of updates) {
      const { variable, gradient, slots } = update;
      if (native() === undefined) this.updateComposed(update, alpha);
      else {
        const state = [variable, slots.momentum, slots.norm];
        nativeUpdate('ResourceApplyAdaMax', [...state, power, rate, ...constants, gradient]);
      }
    }
  }

  private updateComposed({ variable, gradient, slots }: VariableUpdate<Slot>, alpha: tf.Tensor): void {
    const momentum = moveTowards(slots.momentum, gradient, 1 - this.beta1);
    const norm = slots.norm.read().mul(this.beta2).maximum(gradient.abs());
    slots.norm.assign(norm);
    variable.assignSub(momentum.mul(alpha).div(norm.add(this.epsilon)));
  }
}
