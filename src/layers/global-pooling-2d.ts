import { flag, orElse, type SchemaOf } from '../options.js';
import type { Shape } from '../shape.js';
import { Layer, type LayerOptions } from './layer.js';
import { IMAGES } from './spatial.js';

export interface GlobalPooling2DOptions extends LayerOptions {
  /** Whether height and width stay, as axes of size 1. Default: false. */
  keepdims?: boolean;
}

const schema = { keepdims: orElse(flag, false) } satisfies SchemaOf<GlobalPooling2DOptions, LayerOptions>;

/** Makes one number of each channel of an image. */
export abstract class GlobalPooling2D extends Layer<typeof schema> {
  constructor(options: GlobalPooling2DOptions = {}) {
    super(options, schema);
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== 4) throw this.shapeError('takes images', IMAGES, inputShape);
    const [batch, , , channels] = inputShape as [number | null, null, null, number | null];
    return this.options.keepdims ? [batch, 1, 1, channels] : [batch, channels];
  }
}
