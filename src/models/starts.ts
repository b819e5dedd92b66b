import type { Layer } from '../layers/layer.js';
import { isCompatible, type Shape } from '../shape.js';

/**
 * What the output of a model depends on: the start of its input that each layer needs, undefined where it needs all.
 * After a convolution to 11 x 11 places, pooling by 2 x 2 takes 10 x 10: the others need not be computed, nor their
 * gradients, which are 0, nor what only they depend on, back to the pixels.
 *
 * @param inputShape of the first layer
 */
export function neededStarts(layers: readonly Layer[], inputShape: Shape): (Shape | undefined)[] {
  const shapes = [inputShape];
  for (const layer of layers) shapes.push(layer.computeOutputShape(shapes.at(-1)!));
  let needed = shapes.pop()!;
  const starts: (Shape | undefined)[] = [];
  for (const layer of [...layers].reverse()) {
    const input = shapes.pop()!;
    needed = layer.inputFor(needed, input);
    starts.unshift(isCompatible(needed, input) ? undefined : needed);
  }
  return starts;
}
