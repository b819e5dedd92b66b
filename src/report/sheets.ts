import type { Model } from '../models/model.js';
import type { ArrayLike } from '../models/source.js';
import { enlarge, type Image, tile } from './image.js';
import { mapsThrough } from './layer-maps.js';
import { colouredPictures, firstLayerMaps, firstPictures, type SignedPictures } from './signed-pictures.js';
import type { Captioned } from './svg-pictures.js';

/** Units, filters or feature maps that a sheet shows at the most. */
const MOST = 64;

/** Gray of the lines between pictures, which have white where they are 0. */
const LINES = 210;

/** The first layer's weights as one picture, as large as it is to be shown; undefined where they are none. */
export function firstLayerSheet(model: Model): Captioned | undefined {
  const maps = firstLayerMaps(model);
  if (maps === undefined) return undefined;
  const shown = maps.count > MOST ? `${MOST} of ${maps.count}` : String(maps.count);
  return { picture: sheetOf(maps), caption: `${shown} units, ${maps.height} x ${maps.width} weights each` };
}

/** What each layer gives for the first of some samples, a picture a layer. */
export async function activationSheets(model: Model, x: ArrayLike): Promise<Captioned[]> {
  const layers = await mapsThrough(model, x);
  return layers.map(({ name, shape, maps }) => ({
    picture: sheetOf(maps),
    caption: `${name}: ${shape.join(' x ')}`,
  }));
}

function sheetOf(maps: SignedPictures): Image {
  const across = maps.count <= 16 ? maps.count : maps.count > 32 ? 16 : 8;
  const sheet = tile(colouredPictures(firstPictures(maps, MOST)), across, LINES);
  // Few pixels are drawn large.
  return enlarge(sheet, Math.min(16, Math.max(2, Math.floor(256 / sheet.width))));
}
