import { type OptionKind, orElse, type SchemaOf, wholeNumber } from '../options.js';
import type { Shape } from '../shape.js';
import * as tf from '../tf.js';
import { Layer, type LayerOptions } from './layer.js';
import { IMAGES } from './spatial.js';

type Edges = readonly [before: number, after: number];

/** What {@link ZeroPadding2D} takes. */
export interface ZeroPadding2DOptions extends LayerOptions {
  /** Zeros on every side, or [vertical, horizontal], or [[top, bottom], [left, right]]. Default: 1. */
  padding?: number | readonly [number, number] | readonly [Edges, Edges];
}

const zeros = wholeNumber(0);

function readEdges(value: unknown, refuse: () => never): Edges {
  const edges: unknown[] = Array.isArray(value) ? value : [value, value];
  if (edges.length !== 2) refuse();
  return [zeros.read(edges[0], refuse), zeros.read(edges[1], refuse)];
}

const padding: OptionKind<readonly [Edges, Edges]> = {
  expected: `${zeros.expected}, two of them, or [[top, bottom], [left, right]]`,
  read(value, refuse) {
    const axes: unknown[] = Array.isArray(value) ? value : [value, value];
    if (axes.length !== 2) refuse();
    return [readEdges(axes[0], refuse), readEdges(axes[1], refuse)];
  },
  write: (value) => value.map((edges) => [...edges]),
};

const schema = {
  padding: orElse(padding, [
    [1, 1],
    [1, 1],
  ]),
} satisfies SchemaOf<ZeroPadding2DOptions, LayerOptions>;

/**
 * Adds rows and columns of zeros around images.
 *
 * Input [batch, height, width, channels], output [batch, top + height + bottom, left + width + right, channels].
 *
 * @throws CnnError SHAPE_MISMATCH when the input is no batch of images
 * @example
 * layers.zeroPadding2d({ padding: 2 }); // [null, 28, 28, 1] becomes [null, 32, 32, 1]
 */
export class ZeroPadding2D extends Layer<typeof schema> {
  static readonly className = 'ZeroPadding2D';

  constructor(options: ZeroPadding2DOptions = {}) {
    super(options, schema);
  }

  override isPerSample(): boolean {
    return true;
  }

  protected call(input: tf.Tensor): tf.Tensor {
    const [rows, columns] = this.options.padding;
    return tf.pad(input, [[0, 0], [...rows], [...columns], [0, 0]]);
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== 4) throw this.shapeError('takes images', IMAGES, inputShape);
    const [rows, columns] = this.options.padding;
    const [batch, height, width, channels] = inputShape as [null, number | null, number | null, null];
    const grow = (extent: number | null, [before, after]: Edges) =>
      extent === null ? null : before + extent + after;
    return [batch, grow(height, rows), grow(width, columns), channels];
  }
}
