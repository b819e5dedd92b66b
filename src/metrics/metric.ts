import { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';

/** A number that is accumulated over batches, in variables, so that it costs nothing until it is read. */
export abstract class Metric {
  readonly name: string;
  private readonly state: Variable[] = [];

  protected constructor(name: string) {
    this.name = name;
  }

  /** Takes a batch in. Traced. */
  abstract update(yTrue: tf.Tensor, yPred: tf.Tensor, sampleWeight?: tf.Tensor): void;

  /** The value over everything since the last reset, a scalar. Traced. */
  abstract result(): tf.Tensor;

  /** The options from which an equal metric can be made. */
  getConfig(): Record<string, unknown> {
    return { name: this.name };
  }

  get variables(): readonly Variable[] {
    return this.state;
  }

  /** Starts anew. Traced. */
  reset(): void {
    tf.tidy(() => {
      for (const variable of this.state)
        variable.assign(tf.zeros([...variable.shape], variable.dtype as 'float32'));
    });
  }

  dispose(): void {
    for (const variable of this.state) variable.dispose();
  }

  /** Makes a variable that starts, and is reset, to zero. */
  protected addVariable(name: string, shape: number[] = []): Variable {
    const zero = tf.zeros(shape);
    const variable = new Variable(zero, { name, trainable: false });
    zero.dispose();
    this.state.push(variable);
    return variable;
  }
}
