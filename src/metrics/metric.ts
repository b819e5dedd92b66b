import { toCamelCase } from '../registry.js';
import { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';

/** What every metric takes. */
export interface MetricOptions {
  /** Its name in logs and results. Default: the class's, as `meanSquaredError`. */
  name?: string;
}

/** Whether larger or smaller is better. */
export type Direction = 'up' | 'down';

/** A number that is accumulated over batches, in a variable, so that it costs nothing until it is read. */
export abstract class Metric {
  /** Under which it appears in results. */
  readonly name: string;
  /** Whether larger or smaller is better, if that is known. */
  readonly direction: Direction | undefined = undefined;
  private variable: Variable | undefined;

  constructor({ name }: MetricOptions = {}) {
    this.name = name ?? toCamelCase(this.className);
  }

  /** The class's name in saved models. */
  get className(): string {
    return (this.constructor as unknown as { className: string }).className;
  }

  /** The shape of what is accumulated. It starts at zero. */
  protected abstract stateShape(): number[];

  /** What a batch adds to the state. Runs in tf.tidy, traced or not. */
  protected abstract contribution(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): tf.Tensor;

  /** The value that the state means, a scalar. Runs in tf.tidy, traced or not. */
  protected abstract resultOf(state: tf.Tensor): tf.Tensor;

  /** The options from which an equal metric can be made. */
  getConfig(): Record<string, unknown> {
    return { name: this.name };
  }

  /** Makes the state, if there is none. To be called before the metric is used in a traced function. */
  build(): void {
    if (this.variable !== undefined) return;
    tf.tidy(() => {
      this.variable = new Variable(tf.zeros(this.stateShape()), {
        name: this.name,
        path: `metrics/${this.name}`,
        trainable: false,
      });
    });
  }

  /** What it keeps between batches. */
  get variables(): readonly Variable[] {
    return [this.state];
  }

  /**
   * Takes a batch in. Traced.
   *
   * @param sampleWeight a weight for each sample
   * @throws CnnError SHAPE_MISMATCH
   */
  update(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): void {
    tf.tidy(() => this.state.assignAdd(this.contribution(yTrue, yPred, sampleWeight)));
  }

  /** The value over everything since the last reset, a scalar. Traced. */
  result(): tf.Tensor {
    return tf.tidy(() => this.resultOf(this.state.read()));
  }

  /** Starts anew. Traced. */
  reset(): void {
    tf.tidy(() => this.state.assign(tf.zeros(this.stateShape())));
  }

  /** Releases the state. The metric can be used again, and starts anew. */
  dispose(): void {
    this.variable?.dispose();
    this.variable = undefined;
  }

  private get state(): Variable {
    this.build();
    return this.variable!;
  }
}
