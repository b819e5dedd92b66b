import type { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, stateVariable, type VariableUpdate } from './optimizer.js';
import { moveTowards } from './running-mean.js';

/** What {@link Nadam} takes. */
export interface NadamOptions extends OptimizerOptions {
  /** Default: 0.001. */
  learningRate?: OptimizerOptions['learningRate'];
  /** Decay of the mean of gradients, 0 to 1. Default: 0.9. */
  beta1?: number;
  /** Decay of the mean of squared gradients, 0 to 1. Default: 0.999. */
  beta2?: number;
  /** Added to the denominator. Default: 1e-7. */
  epsilon?: number;
}

type Slot = 'momentum' | 'velocity';

/**
 * Adam with Nesterov's momentum. With uₜ = β₁ (1 − 0.96ᵗ / 2) and Uₜ = u₁ · ... · uₜ:
 * m and v as Adam's, m̂ = uₜ₊₁ · m / (1 − Uₜ₊₁) + (1 − uₜ) · g / (1 − Uₜ), v̂ = v / (1 − β₂ᵗ),
 * w ← w − rate · m̂ / (√v̂ + ε). Dozat, Incorporating Nesterov momentum into Adam (2016); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.nadam({ learningRate: 0.002 });
 */
export class Nadam extends Optimizer<Slot> {
  static readonly className = 'Nadam';
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  /** U of the last update. */
  private product: Variable | undefined;

  constructor(options: NadamOptions = {}) {
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
    return [['momentum', 'velocity'] as const];
  }

  protected override createExtraState(): readonly Variable[] {
    this.product = stateVariable('u_product', tf.scalar(1));
    return [this.product];
  }

  protected override update(
    updates: readonly VariableUpdate<Slot>[],
    rate: tf.Tensor,
    step: tf.Tensor,
  ): void {
    const factorAt = (t: tf.Tensor) => tf.sub(1, tf.scalar(0.96).pow(t).mul(0.5)).mul(this.beta1);
    const factor = factorAt(step);
    const nextFactor = factorAt(step.add(1));
    const product = this.product!.read().mul(factor);
    this.product!.assign(product);
    const momentumShare = nextFactor.div(tf.sub(1, product.mul(nextFactor)));
    const gradientShare = tf.sub(1, factor).div(tf.sub(1, product));
    const correction = tf.sub(1, tf.scalar(this.beta2).pow(step));
    for (const { variable, gradient, slots } of updates) {
      const momentum = moveTowards(slots.momentum, gradient, 1 - this.beta1);
      const velocity = moveTowards(slots.velocity, gradient.square(), 1 - this.beta2);
      const direction = momentum.mul(momentumShare).add(gradient.mul(gradientShare));
      variable.assignSub(direction.mul(rate).div(velocity.div(correction).sqrt().add(this.epsilon)));
    }
  }
}
