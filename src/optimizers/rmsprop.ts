import { native } from '../runtime/native.js';
import { nativeUpdate } from '../runtime/op.js';
import type { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';

/** What {@link RMSprop} takes. */
export interface RMSpropOptions extends OptimizerOptions {
  /** Default: 0.001. */
  learningRate?: OptimizerOptions['learningRate'];
  /** Decay of the mean of squared gradients, 0 to 1. Default: 0.9. */
  rho?: number;
  /** Share of the last step that is made again, 0 to 1. Default: 0. */
  momentum?: number;
  /** Added under the root of the denominator. Default: 1e-7. */
  epsilon?: number;
  /** Whether the variance of gradients takes the place of their mean square. Default: false. */
  centered?: boolean;
}

type Slot = 'velocity' | 'momentum' | 'average_gradient';

/**
 * RMSprop: gradients divided by the root of their recent mean square.
 * v ← ρ · v + (1 − ρ) g², s ← rate · g / √(v + ε), w ← w − s. With momentum: d ← momentum · d + s, w ← w − d.
 * Centered: a ← ρ · a + (1 − ρ) g, and v − a² in place of v. Hinton, Neural Networks for Machine Learning,
 * lecture 6e (2012); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.rmsprop({ learningRate: 0.0005, rho: 0.95 });
 */
export class RMSprop extends Optimizer<Slot> {
  static readonly className = 'RMSprop';
  private readonly rho: number;
  private readonly momentum: number;
  private readonly epsilon: number;
  private readonly centered: boolean;

  constructor(options: RMSpropOptions = {}) {
    super(options, 0.001);
    const { rho = 0.9, momentum = 0, epsilon = 1e-7, centered = false } = options;
    this.rho = rho;
    this.momentum = momentum;
    this.epsilon = epsilon;
    this.centered = centered;
    this.checkNumber('rho', rho, 1);
    this.checkNumber('momentum', momentum, 1);
    this.checkNumber('epsilon', epsilon);
  }

  override getConfig(): Record<string, unknown> {
    const { rho, momentum, epsilon, centered } = this;
    return { rho, momentum, epsilon, centered, ...super.getConfig() };
  }

  protected override slotGroups(): readonly (readonly Slot[])[] {
    const optional = [
      { slot: 'momentum', used: this.momentum > 0 },
      { slot: 'average_gradient', used: this.centered },
    ] as const;
    return [['velocity'], ...optional.filter(({ used }) => used).map(({ slot }) => [slot])];
  }

  protected override scratchSlots(): readonly Slot[] {
    // The kernels cannot do without a momentum; a share of 0 leaves nothing of it.
    return native() === undefined || this.momentum > 0 ? [] : ['momentum'];
  }

  protected override update(updates: readonly VariableUpdate<Slot>[], rate: tf.Tensor): void {
    for (const update of updates) {
      if (native() === undefined) this.updateComposed(update, rate);
      else this.updateFused(update, rate);
    }
  }

  private updateFused({ variable, gradient, slots }: VariableUpdate<Slot>, rate: tf.Tensor): void {
    const common = [
      rate,
      ...[this.rho, this.momentum, this.epsilon].map((value) => tf.scalar(value)),
      gradient,
    ];
    if (this.centered) {
      const state = [slots.average_gradient, slots.velocity, slots.momentum];
      nativeUpdate('ResourceApplyCenteredRMSProp', [variable, ...state, ...common]);
    } else {
      nativeUpdate('ResourceApplyRMSProp', [variable, slots.velocity, slots.momentum, ...common]);
    }
  }

  private updateComposed({ variable, gradient, slots }: VariableUpdate<Slot>, rate: tf.Tensor): void {
    let square = this.average(slots.velocity, gradient.square());
    if (this.centered) square = square.sub(this.average(slots.average_gradient, gradient).square());
    const step = gradient.mul(rate).div(square.add(this.epsilon).sqrt());
    if (this.momentum === 0) {
      variable.assignSub(step);
      return;
    }
    const velocity = slots.momentum.read().mul(this.momentum).add(step);
    slots.momentum.assign(velocity);
    variable.assignSub(velocity);
  }

  /** Moves a running mean, and returns it. */
  private average(mean: Variable, value: tf.Tensor): tf.Tensor {
    const moved = mean
      .read()
      .mul(this.rho)
      .add(value.mul(1 - this.rho));
    mean.assign(moved);
    return moved;
  }
}
