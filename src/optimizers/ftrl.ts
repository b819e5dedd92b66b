import { CnnError } from '../errors.js';
import { native } from '../runtime/native.js';
import { nativeUpdate } from '../runtime/op.js';
import * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';

/** What {@link Ftrl} takes. */
export interface FtrlOptions extends OptimizerOptions {
  /** Default: 0.001. */
  learningRate?: OptimizerOptions['learningRate'];
  /** How the rate falls as squares of gradients add up, 0 or less. Default: -0.5. */
  learningRatePower?: number;
  /** What the sum of squares starts with, 0 or more. Default: 0.1. */
  initialAccumulatorValue?: number;
  /** Default: 0. */
  l1RegularizationStrength?: number;
  /** Default: 0. */
  l2RegularizationStrength?: number;
  /** L2 penalty that is part of the gradient. Default: 0. */
  l2ShrinkageRegularizationStrength?: number;
  /** β of the paper. Default: 0. */
  beta?: number;
}

type Slot = 'accumulator' | 'linear';

/**
 * Follow the regularized leader: sparse weights under an L1 penalty. With p = −learningRatePower, l₂ raised by
 * β / (2 rate), and g' = g + 2 · shrinkage · w: n' = n + g², z ← z + g' − (n'ᵖ − nᵖ) / rate · w,
 * w ← (clip(z, −l₁, l₁) − z) / (n'ᵖ / rate + 2 l₂), n ← n'. McMahan et al., Ad click prediction (2013); Keras 3.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.ftrl({ learningRate: 0.1, l1RegularizationStrength: 0.01 });
 */
export class Ftrl extends Optimizer<Slot> {
  static readonly className = 'Ftrl';
  private readonly own: Required<Omit<FtrlOptions, keyof OptimizerOptions>>;

  constructor(options: FtrlOptions = {}) {
    super(options, 0.001);
    const { learningRatePower = -0.5, initialAccumulatorValue = 0.1, beta = 0 } = options;
    const { l1RegularizationStrength = 0, l2RegularizationStrength = 0 } = options;
    const { l2ShrinkageRegularizationStrength = 0 } = options;
    const strengths = {
      l1RegularizationStrength,
      l2RegularizationStrength,
      l2ShrinkageRegularizationStrength,
    };
    for (const [name, value] of Object.entries({ initialAccumulatorValue, beta, ...strengths }))
      this.checkNumber(name, value);
    if (!(learningRatePower <= 0)) {
      throw new CnnError('INVALID_ARGUMENT', 'Ftrl: learningRatePower is not valid', {
        argument: 'learningRatePower',
        expected: 'a number of 0 or less',
        received: String(learningRatePower),
      });
    }
    this.own = { learningRatePower, initialAccumulatorValue, ...strengths, beta };
  }

  override getConfig(): Record<string, unknown> {
    return { ...this.own, ...super.getConfig() };
  }

  protected override slotGroups() {
    return [['accumulator', 'linear'] as const];
  }

  protected override initialValueOf(slot: Slot): number {
    return slot === 'accumulator' ? this.own.initialAccumulatorValue : 0;
  }

  protected override update(updates: readonly VariableUpdate<Slot>[], rate: tf.Tensor): void {
    const { l1RegularizationStrength: l1, l2RegularizationStrength, beta } = this.own;
    const { l2ShrinkageRegularizationStrength: shrinkage, learningRatePower } = this.own;
    const l2 =
      beta === 0 ? tf.scalar(l2RegularizationStrength) : tf.div(beta / 2, rate).add(l2RegularizationStrength);
    for (const update of updates) {
      const { variable, gradient, slots } = update;
      if (native() === undefined) this.updateComposed(update, rate, l2);
      else {
        const state = [variable, slots.accumulator, slots.linear];
        const powers = [tf.scalar(l1), l2, tf.scalar(shrinkage), tf.scalar(learningRatePower)];
        nativeUpdate('ResourceApplyFtrlV2', [...state, gradient, rate, ...powers]);
      }
    }
  }

  private updateComposed(
    { variable, gradient, slots }: VariableUpdate<Slot>,
    rate: tf.Tensor,
    l2: tf.Tensor,
  ): void {
    const { l1RegularizationStrength: l1, learningRatePower } = this.own;
    const weights = variable.read();
    const sum = slots.accumulator.read();
    const newSum = sum.add(gradient.square());
    const power = newSum.pow(-learningRatePower);
    const shrunk = gradient.add(weights.mul(2 * this.own.l2ShrinkageRegularizationStrength));
    const change = shrunk.sub(power.sub(sum.pow(-learningRatePower)).div(rate).mul(weights));
    const linear = slots.linear.read().add(change);
    slots.accumulator.assign(newSum);
    slots.linear.assign(linear);
    variable.assign(
      linear
        .clipByValue(-l1, l1)
        .sub(linear)
        .div(power.div(rate).add(l2.mul(2))),
    );
  }
}
