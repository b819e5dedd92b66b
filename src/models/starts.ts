import type { Layer } from '../layers/layer.js';
import { isCompatible, type Shape } from '../shape.js';

/** The shape of what each layer is given, then of what the last one gives. */
export function shapesBetween(layers: readonly Layer[], inputShape: Shape): Shape[] {
  const shapes = [inputShape];
  for (const layer of layers) shapes.push(layer.computeOutputShape(shapes.at(-1)!));
  return shapes;
}

/**
 * What the output of a model depends on: the start of its input that each layer needs, undefined where it needs all.
 * After a convolution to 11 x 11 places, pooling by 2 x 2 takes 10 x 10: the others need not be computed, nor their
 * gradients, which are 0, nor what only they depend on, back to the pixels.
 *
 * @param shapes as {@link shapesBetween} gives them
 */
export function neededStarts(layers: readonly Layer[], shapes: readonly Shape[]): (Shape | undefined)[] {
  let needed = shapes.at(-1)!;
  const starts: (Shape | undefined)[] = [];
  for (let i = layers.length - 1; i >= 0; i--) {
    const input = shapes[i]!;
    // A layer of somebody's own may leave open what it gives.
    needed = needed.includes(null, 1) ? input : layers[i]!.inputFor(needed, input);
    starts.unshift(isCompatible(needed, input) ? undefined : needed);
  }
  return starts;
}
