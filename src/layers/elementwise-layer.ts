import type { Schema } from '../options.js';
import type { Shape } from '../shape.js';
import { Layer } from './layer.js';

/** A layer whose output has the shape of its input, and at each place depends on what is there alone. */
export abstract class ElementwiseLayer<S extends Schema = Schema> extends Layer<S> {
  override isPerSample(): boolean {
    return true;
  }

  override inputFor(output: Shape): Shape {
    return output;
  }

  computeOutputShape(inputShape: Shape): Shape {
    return inputShape;
  }
}
