import { randomSeedPlace, setRandomSeed } from '../../runtime/random.js';
import { sizeOf } from '../../shape.js';
import { blame, makeLayer } from '../restore.js';
import type { ModelConfig } from './config.js';

/**
 * A number in float32, and what optimizers may keep for it: three moments (Adam's, with `amsgrad`), the average of the
 * weights over time, the sum of gradients over some steps.
 */
const BYTES_OF_PARAMETER = 4 * 6;
/** What HDF5 and names take: some 2 KB for each group, of which a layer has up to four, some 400 bytes for each array. */
const BYTES_OF_LAYER = 8192;
const BYTES_OF_WEIGHT = 4096;
const BYTES_OF_FILE = 2 ** 20;

/**
 * How large `model.weights.h5` can be for a config: a bound for what is unpacked before the shapes in it are known. The
 * layers are made for it, without weights.
 *
 * @param file for errors
 * @throws CnnError FILE_CORRUPT with `file` and `layer`, for a layer that cannot be
 */
export function mostBytes({ layers, inputShape }: ModelConfig, file: string): number {
  const seed = randomSeedPlace();
  let bytes = BYTES_OF_FILE + layers.length * BYTES_OF_LAYER;
  let shape = inputShape;
  for (const description of layers) {
    const { className, config } = description;
    shape = blame(file, { layer: config.name }, `layer "${config.name}" (${className})`, () => {
      const layer = makeLayer(description);
      try {
        if (shape === undefined) return undefined;
        for (const weight of layer.planWeights(shape)) {
          bytes += BYTES_OF_WEIGHT + BYTES_OF_PARAMETER * sizeOf(weight);
        }
        return layer.computeOutputShape(shape);
      } finally {
        layer.dispose();
      }
    });
  }
  // Layers that draw random numbers took seeds, which those that are made to stay are to get.
  if (seed !== undefined) setRandomSeed(seed);
  return bytes;
}
