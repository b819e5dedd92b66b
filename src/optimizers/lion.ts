import type * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';

/** What {@link Lion} takes. */
export interface LionOptions extends OptimizerOptions {
  /** Default: 0.001. A third to a tenth of Adam's does as well. */
  learningRate?: OptimizerOptions['learningRate'];
  /** Share of the momentum in a step, 0 to 1. Default: 0.9. */
  beta1?: number;
  /** Decay of the momentum, 0 to 1. Default: 0.99. */
  beta2?: number;
}

/**
 * Lion: the sign alone, so every weight moves by the learning rate.
 * w ← w − rate · sign(β₁ · m + (1 − β₁) g), m ← β₂ · m + (1 − β₂) g. Chen et al. (arXiv 2302.06675); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.lion({ learningRate: 0.0001, weightDecay: 0.1 });
 */
export class Lion extends Optimizer<'momentum'> {
  static readonly className = 'Lion';
  private readonly beta1: number;
  private readonly beta2: number;

  constructor(options: LionOptions = {}) {
    super(options, 0.001);
    this.beta1 = options.beta1 ?? 0.9;
    this.beta2 = options.beta2 ?? 0.99;
    this.checkNumber('beta1', this.beta1, 1);
    this.checkNumber('beta2', this.beta2, 1);
  }

  override getConfig(): Record<string, unknown> {
    return { beta1: this.beta1, beta2: this.beta2, ...super.getConfig() };
  }

  protected override slotGroups() {
    return [['momentum'] as const];
  }

  protected override update(updates: readonly VariableUpdate<'momentum'>[], rate: tf.Tensor): void {
    for (const { variable, gradient, slots } of updates) {
      const momentum = slots.momentum.read();
      const direction = momentum.mul(this.beta1).add(gradient.mul(1 - this.beta1));
      variable.assignSub(direction.sign().mul(rate));
      slots.momentum.assign(momentum.mul(this.beta2).add(gradient.mul(1 - this.beta2)));
    }
  }
}
