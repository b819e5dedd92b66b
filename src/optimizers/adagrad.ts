import type * as tf from '../tf.js';
import { Optimizer, type OptimizerOptions, type VariableUpdate } from './optimizer.js';

/** What {@link Adagrad} takes. */
export interface AdagradOptions extends OptimizerOptions {
  /** Default: 0.001. */
  learningRate?: OptimizerOptions['learningRate'];
  /** What the sum of squares starts with, 0 or more. Default: 0.1. */
  initialAccumulatorValue?: number;
  /** Added under the root of the denominator. Default: 1e-7. */
  epsilon?: number;
}

/**
 * Adagrad: gradients divided by the root of the sum of all their squares so far.
 * a ← a + g², w ← w − rate · g / √(a + ε). Duchi et al., Adaptive subgradient methods (2011); Keras 3, whose epsilon
 * is not where TensorFlow's fused kernels have it.
 *
 * @throws CnnError INVALID_ARGUMENT for options out of range
 * @example
 * optimizers.adagrad({ learningRate: 0.01 });
 */
export class Adagrad extends Optimizer<'accumulator'> {
  static readonly className = 'Adagrad';
  private readonly initialAccumulatorValue: number;
  private readonly epsilon: number;

  constructor(options: AdagradOptions = {}) {
    super(options, 0.001);
    this.initialAccumulatorValue = options.initialAccumulatorValue ?? 0.1;
    this.epsilon = options.epsilon ?? 1e-7;
    this.checkNumber('initialAccumulatorValue', this.initialAccumulatorValue);
    this.checkNumber('epsilon', this.epsilon);
  }

  override getConfig(): Record<string, unknown> {
    const { initialAccumulatorValue, epsilon } = this;
    return { initialAccumulatorValue, epsilon, ...super.getConfig() };
  }

  protected override slotGroups() {
    return [['accumulator'] as const];
  }

  protected override initialValueOf(): number {
    return this.initialAccumulatorValue;
  }

  protected override update(updates: readonly VariableUpdate<'accumulator'>[], rate: tf.Tensor): void {
    for (const { variable, gradient, slots } of updates) {
      const sum = slots.accumulator.read().add(gradient.square());
      slots.accumulator.assign(sum);
      variable.assignSub(gradient.mul(rate).div(sum.add(this.epsilon).sqrt()));
    }
  }
}
