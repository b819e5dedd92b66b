import { native } from '../runtime/native.js';
import { nativeUpdate } from '../runtime/op.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';
import { moveTowards } from './running-mean.js';

/** What {@link Adam} takes. */
export interface AdamOptions extends OptimizerOptions {
  /** Default: 0.001. */
  learningRate?: OptimizerOptions['learningRate'];
  /** Decay of the mean of gradients, 0 to 1. Default: 0.9. */
  beta1?: number;
  /** Decay of the mean of squared gradients, 0 to 1. Default: 0.999. */
  beta2?: number;
  /** Added to the denominator. Default: 1e-7. */
  epsilon?: number;
  /** Whether the denominator never falls (AMSGrad). Default: false. */
  amsgrad?: boolean;
}

type Slot = 'momentum' | 'velocity' | 'velocity_hat';

/**
 * Adam: steps of about the learning rate, whatever the size of gradients.
 * m ← m + (1 − β₁)(g − m), v ← v + (1 − β₂)(g² − v), w ← w − α · m / (√v + ε) with
 * α = rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) at the t-th update. Kingma & Ba (arXiv 1412.6980); AMSGrad: Reddi et al.
 * (arXiv 1904.09237); Keras 3. The fused kernels subtract 1 − β₂ in float32, so there v differs from Keras's in the
 * fifth digit (by 1.3e-5 of itself for 0.999), and weights in none that matters.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.adam({ learningRate: 0.0005 });
 */
export class Adam extends Optimizer<Slot> {
  static readonly className: string = 'Adam';
  private readonly beta1: number;
  private readonly beta2: number;
  private readonly epsilon: number;
  private readonly amsgrad: boolean;

  constructor(options: AdamOptions = {}) {
    super(options, 0.001);
    const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, amsgrad = false } = options;
    this.beta1 = beta1;
    this.beta2 = beta2;
    this.epsilon = epsilon;
    this.amsgrad = amsgrad;
    this.checkNumber('beta1', beta1, 1);
    this.checkNumber('beta2', beta2, 1);
    this.checkNumber('epsilon', epsilon);
  }

  override getConfig(): Record<string, unknown> {
    const { beta1, beta2, epsilon, amsgrad } = this;
    return { beta1, beta2, epsilon, amsgrad, ...super.getConfig() };
  }

  protected override slotGroups(): readonly (readonly Slot[])[] {
    return this.amsgrad ? [['momentum', 'velocity'], ['velocity_hat']] : [['momentum', 'velocity']];
  }

  protected override update(
    updates: readonly VariableUpdate<Slot>[],
    rate: tf.Tensor,
    step: tf.Tensor,
  ): void {
    const beta1 = tf.scalar(this.beta1);
    const beta2 = tf.scalar(this.beta2);
    const power1 = beta1.pow(step);
    const power2 = beta2.pow(step);
    if (native() === undefined) {
      const alpha = rate.mul(tf.sub(1, power2).sqrt()).div(tf.sub(1, power1));
      for (const update of updates) this.updateComposed(update, alpha);
      return;
    }
    const op = this.amsgrad ? 'ResourceApplyAdamWithAmsgrad' : 'ResourceApplyAdam';
    const common = [power1, power2, rate, beta1, beta2, tf.scalar(this.epsilon)];
    for (const { variable, gradient, slots } of updates) {
      const hat = this.amsgrad ? [slots.velocity_hat] : [];
      nativeUpdate(op, [variable, slots.momentum, slots.velocity, ...hat, ...common, gradient]);
    }
  }

  private updateComposed({ variable, gradient, slots }: VariableUpdate<Slot>, alpha: tf.Tensor): void {
    const momentum = moveTowards(slots.momentum, gradient, 1 - this.beta1);
    const velocity = moveTowards(slots.velocity, gradient.square(), 1 - this.beta2);
    let denominator = velocity;
    if (this.amsgrad) {
      denominator = slots.velocity_hat.read().maximum(velocity);
      slots.velocity_hat.assign(denominator);
    }
    variable.assignSub(momentum.mul(alpha).div(denominator.sqrt().add(this.epsilon)));
  }
}
