import type { LayerOutput } from '../models/layer-outputs.js';
import { LayerOutputs } from '../models/layer-outputs.js';
import type { Model } from '../models/model.js';
import type { ArrayLike } from '../models/source.js';
import { activationMaps, type SignedPictures } from './signed-pictures.js';

/** What a layer gives for one sample, as pictures. */
export interface LayerMaps {
  /** The layer's name. */
  readonly name: string;
  /** Of the output: [height, width, channels], [units], ... */
  readonly shape: readonly number[];
  /** Its output, a picture for each channel. */
  readonly maps: SignedPictures;
}

/** Sample `i` on its way through the layers. */
export function layerMaps(outputs: readonly LayerOutput[], i = 0): LayerMaps[] {
  return outputs.map(({ layer, output }) => {
    const shape = output.shape.slice(1);
    return { name: layer.name, shape, maps: activationMaps(output.row(i), shape) };
  });
}

/** The first of some samples on its way through a model's layers. @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH */
export async function mapsThrough(model: Model, x: ArrayLike): Promise<LayerMaps[]> {
  const inside = new LayerOutputs(model);
  try {
    return layerMaps(await inside.of(x));
  } finally {
    inside.dispose();
  }
}
