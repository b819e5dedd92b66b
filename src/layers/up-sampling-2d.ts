import { oneOf, orElse, type SchemaOf } from '../options.js';
import type { Shape } from '../shape.js';
import * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { IMAGES, type PairOption, pair } from './spatial.js';

/** What {@link UpSampling2D} takes. */
export interface UpSampling2DOptions extends LayerOptions {
  /** Factors of height and width. Default: 2. */
  size?: PairOption;
  /** Whether to repeat pixels, or to blend neighbours. Default: `'nearest'`. */
  interpolation?: 'nearest' | 'bilinear';
}

const schema = {
  size: orElse(pair, [2, 2]),
  interpolation: orElse(oneOf('nearest', 'bilinear'), 'nearest'),
} satisfies SchemaOf<UpSampling2DOptions, LayerOptions>;

/**
 * Enlarges images by whole factors.
 *
 * Input [batch, height, width, channels], output [batch, height * size[0], width * size[1], channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images
 * @example
 * layers.upSampling2d({ size: 2 }); // [null, 7, 7, 64] becomes [null, 14, 14, 64]
 */
export class UpSampling2D extends Layer<typeof schema> {
  static readonly className = 'UpSampling2D';

  constructor(options: UpSampling2DOptions = {}) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const { size, interpolation } = this.options;
    const [batch, height, width, channels] = input.shape as [number, number, number, number];
    const shape = [batch, height * size[0], width * size[1], channels];
    if (interpolation === 'nearest') {
      const rows = input.reshape([batch, height, 1, width * channels]).tile([1, 1, size[0], 1]);
      const apart = rows.reshape([batch * shape[1]!, width, 1, channels]);
      return apart.tile([1, 1, size[1], 1]).reshape(shape);
    }
    const rows = tf.matMul(blend(height, size[0]), input.reshape([batch, height, width * channels]));
    const columns = tf.matMul(blend(width, size[1]), rows.reshape([batch * shape[1]!, width, channels]));
    return columns.reshape(shape);
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== 4) throw this.shapeError('takes images', IMAGES, inputShape);
    const { size } = this.options;
    const [batch, height, width, channels] = inputShape as [null, number | null, number | null, null];
    const grow = (extent: number | null, factor: number) => (extent === null ? null : extent * factor);
    return [batch, grow(height, size[0]), grow(width, size[1]), channels];
  }
}

/** How much of each old pixel a new one has, [extent * factor, extent]; pixels are where their centres are. */
function blend(extent: number, factor: number): tf.Tensor2D {
  const weights = Array.from({ length: extent * factor }, (_, i) => {
    const at = Math.min(Math.max((i + 0.5) / factor - 0.5, 0), extent - 1);
    const below = Math.min(Math.floor(at), Math.max(extent - 2, 0));
    return Array.from({ length: extent }, (_, j) =>
      Math.max(0, j === below || j === below + 1 ? 1 - Math.abs(at - j) : 0),
    );
  });
  return tf.tensor2d(weights, [extent * factor, extent]);
}
