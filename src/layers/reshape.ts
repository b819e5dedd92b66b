import { number, type OptionKind, type SchemaOf } from '../options.js';
import { formatShape, type Shape } from '../shape.js';
import type * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';

/** What {@link Reshape} takes. */
export interface ReshapeOptions extends LayerOptions {
  /** The new shape of one sample; one size may be -1: whatever is left. */
  targetShape: readonly number[];
}

const extent = number('a positive whole number or -1', (v) => Number.isInteger(v) && (v > 0 || v === -1));
const targetShape: OptionKind<readonly number[]> = {
  expected: 'a list of positive whole numbers, at most one of them -1',
  read(value, refuse) {
    if (!Array.isArray(value) || value.filter((v) => v === -1).length > 1) refuse();
    return (value as unknown[]).map((v) => extent.read(v, refuse));
  },
  write: (value) => [...value],
};

const schema = { targetShape } satisfies SchemaOf<ReshapeOptions, LayerOptions>;

/**
 * Gives each sample another shape: input [batch, ...], output [batch, ...targetShape].
 *
 * @throws CnnError SHAPE_MISMATCH when the number of elements is another
 * @example
 * layers.reshape({ targetShape: [28, 28, 1], inputShape: [784] });
 */
export class Reshape extends Layer<typeof schema> {
  static readonly className = 'Reshape';

  constructor(options: ReshapeOptions) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    return input.reshape(this.computeOutputShape(input.shape) as number[]);
  }

  computeOutputShape([batch = null, ...rest]: Shape): Shape {
    const target = this.options.targetShape;
    if (rest.includes(null)) return [batch, ...target.map((size) => (size === -1 ? null : size))];
    const size = (rest as number[]).reduce((product, v) => product * v, 1);
    const known = target.filter((v) => v !== -1).reduce((product, v) => product * v, 1);
    if (target.includes(-1) ? size % known !== 0 : size !== known) {
      throw this.shapeError('cannot reshape', `a number of elements that fills ${formatShape(target)}`, [
        batch,
        ...rest,
      ]);
    }
    return [batch, ...target.map((v) => (v === -1 ? size / known : v))];
  }
}
