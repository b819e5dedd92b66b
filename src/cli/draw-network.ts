import type { Model } from '../models/model.js';
import type { ArrayLike } from '../models/source.js';
import { mapsThrough } from '../report/layer-maps.js';
import {
  colouredPictures,
  firstLayerMaps,
  firstPictures,
  grayPictures,
  type SignedPictures,
} from '../report/signed-pictures.js';
import { colorDepth, drawPictures } from './draw-samples.js';

/** Pictures of a layer that are drawn at the most. */
const MOST = 16;

/** The first layer's weights as lines for stdout. */
export function drawFilters(model: Model): string[] {
  const maps = firstLayerMaps(model);
  if (maps === undefined) return ['the weights of the first layer are no pictures'];
  return [`weights of the first layer${partOf(maps)}: red adds, blue takes away`, ...draw(maps)];
}

/** What each layer gives for the first of some samples, as lines for stdout. */
export async function drawActivations(model: Model, x: ArrayLike): Promise<string[]> {
  const layers = await mapsThrough(model, x);
  return layers.flatMap(({ name, shape, maps }, i) => [
    ...(i === 0 ? [] : ['']),
    `${name}: ${shape.join(' x ')}${partOf(maps)}`,
    ...draw(maps),
  ]);
}

function partOf({ count }: SignedPictures): string {
  return count > MOST ? `, ${MOST} of ${count}` : '';
}

function draw(maps: SignedPictures): string[] {
  const shown = firstPictures(maps, MOST);
  // Without colours, what is below 0 is not seen.
  const pictures = colorDepth() >= 24 ? colouredPictures(shown, 'dark') : grayPictures(shown);
  return drawPictures(pictures.map((picture) => ({ picture, heading: '' })));
}
