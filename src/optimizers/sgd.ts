import { native } from '../runtime/native.js';
import { nativeUpdate } from '../runtime/op.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';

/** What {@link SGD} takes. */
export interface SGDOptions extends OptimizerOptions {
  /** Default: 0.01. */
  learningRate?: OptimizerOptions['learningRate'];
  /** Share of the last step that is made again, 0 to 1. Default: 0. */
  momentum?: number;
  /** Whether the momentum looks ahead (Nesterov). Default: false. */
  nesterov?: boolean;
}

/**
 * Gradient descent: w ← w − rate · g. With momentum: v ← momentum · v − rate · g, w ← w + v; with Nesterov's:
 * w ← w + momentum · v − rate · g. Sutskever et al., On the importance of initialization and momentum in deep
 * learning (2013); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.sgd({ learningRate: 0.1, momentum: 0.9, nesterov: true });
 */
export class SGD extends Optimizer<'momentum'> {
  static readonly className = 'SGD';
  private readonly momentum: number;
  private readonly nesterov: boolean;

  constructor(options: SGDOptions = {}) {
    super(options, 0.01);
    this.momentum = options.momentum ?? 0;
    this.nesterov = options.nesterov ?? false;
    this.checkNumber('momentum', this.momentum, 1);
  }

  override getConfig(): Record<string, unknown> {
    return { momentum: this.momentum, nesterov: this.nesterov, ...super.getConfig() };
  }

  protected override slotGroups() {
    return this.momentum === 0 ? [] : [['momentum'] as const];
  }

  protected override update(updates: readonly VariableUpdate<'momentum'>[], rate: tf.Tensor): void {
    const { nesterov } = this;
    if (native() === undefined) for (const update of updates) this.updateComposed(update, rate);
    else if (this.momentum === 0) {
      for (const { variable, gradient } of updates)
        nativeUpdate('ResourceApplyGradientDescent', [variable, rate, gradient]);
    } else {
      const momentum = tf.scalar(this.momentum);
      for (const { variable, gradient, slots } of updates) {
        const inputs = [variable, slots.momentum, rate, gradient, momentum];
        nativeUpdate('ResourceApplyKerasMomentum', inputs, { use_nesterov: nesterov });
      }
    }
  }

  private updateComposed({ variable, gradient, slots }: VariableUpdate<'momentum'>, rate: tf.Tensor): void {
    const step = gradient.mul(rate);
    if (this.momentum === 0) {
      variable.assignSub(step);
      return;
    }
    const velocity = slots.momentum.read().mul(this.momentum).sub(step);
    slots.momentum.assign(velocity);
    variable.assignAdd(this.nesterov ? velocity.mul(this.momentum).sub(step) : velocity);
  }
}
