import { flag, orElse, type SchemaOf } from '../options.js';
import type { Shape } from '../shape.js';
import { Layer, type LayerOptions } from './layer.js';

/** What global pooling layers take. */
export interface GlobalPoolingOptions extends LayerOptions {
  /** Whether the axes that are pooled stay, with size 1. Default: false. */
  keepdims?: boolean;
}

const schema = { keepdims: orElse(flag, false) } satisfies SchemaOf<GlobalPoolingOptions, LayerOptions>;

/** Makes one number of each channel of a sample. */
export abstract class GlobalPooling extends Layer<typeof schema> {
  override isPerSample(): boolean {
    return true;
  }

  /** Those between the batch and the channels. */
  protected abstract readonly axes: number[];

  constructor(options: GlobalPoolingOptions = {}) {
    super(options, schema);
  }

  computeOutputShape(inputShape: Shape): Shape {
    if (inputShape.length !== this.axes.length + 2) {
      const extents = this.axes.length === 1 ? 'steps' : 'height, width';
      throw this.shapeError('cannot pool this', `[batch, ${extents}, channels]`, inputShape);
    }
    const kept = this.options.keepdims ? this.axes.map(() => 1) : [];
    return [inputShape[0]!, ...kept, inputShape.at(-1)!];
  }
}
