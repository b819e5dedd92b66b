import { type DigitOptions, digitOf } from '../datasets/digit.js';
import type { GrayPicture } from '../datasets/picture-file.js';
import { LayerOutputs } from '../models/layer-outputs.js';
import type { Model } from '../models/model.js';
import { layerMaps } from '../report/layer-maps.js';
import { firstLayerMaps, firstPictures, type SignedPictures } from '../report/signed-pictures.js';
import { type ClassProbability, topClasses } from '../report/top-classes.js';

/** A model of digits, and what the page says of it. */
export interface ServedModel {
  readonly model: Model;
  /** What the page calls it. */
  readonly name: string;
  readonly classes: readonly string[];
  /** How a drawing becomes an input. */
  readonly digit: DigitOptions & { readonly shape: readonly [height: number, width: number] };
}

/** Pictures as JSON has them: a signed byte a pixel, -127 to 127, in base64. */
export interface WirePictures {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly bytes: string;
}

/** What the page shows before anything is drawn. */
export interface Description {
  readonly name: string;
  readonly parameters: number;
  readonly classes: readonly string[];
  /** Weights of the first layer, where they are pictures. */
  readonly weights: WirePictures | undefined;
}

/** What the page shows of a drawing. */
export interface Answer {
  /** What the model was given. */
  readonly input: WirePictures;
  /** The most probable first. */
  readonly predictions: readonly ClassProbability[];
  readonly layers: readonly (WirePictures & { readonly name: string; readonly shape: readonly number[] })[];
}

/** Feature maps of a layer, and units of the first, that are shown at the most. */
const MAX_PICTURES = 64;

/** Answers for one model, one drawing at a time. */
export class Answers {
  private readonly served: ServedModel;
  private readonly inside: LayerOutputs;
  private last: Promise<unknown> = Promise.resolve();

  constructor(served: ServedModel) {
    this.served = served;
    this.inside = new LayerOutputs(served.model);
  }

  describe(): Description {
    const { model, name, classes } = this.served;
    const weights = firstLayerMaps(model);
    return { name, classes, parameters: model.countParams(), weights: weights && wire(weights) };
  }

  /** @throws CnnError DATA_INVALID for a picture without ink */
  answer(picture: GrayPicture): Promise<Answer> {
    const { model, classes, digit } = this.served;
    // A digit that is being drawn may still be a mere line.
    const pixels = digitOf(picture, { ...digit, isUnfinished: true });
    const x = { data: pixels, shape: model.inputShape!.slice(1) as number[], scale: 1 / 255 };
    const outputs = this.last.then(() => this.inside.of(x));
    this.last = outputs.catch(() => {});
    return outputs.then((layers) => {
      const [height, width] = digit.shape;
      return {
        input: wire({ width, height, count: 1, values: Float32Array.from(pixels, (byte) => byte / 255) }),
        predictions: topClasses(layers.at(-1)!.output.row(0), classes),
        layers: layerMaps(layers).map(({ name, shape, maps }) => ({ name, shape, ...wire(maps) })),
      };
    });
  }

  dispose(): void {
    this.inside.dispose();
  }
}

function wire(pictures: SignedPictures): WirePictures {
  const { width, height, count, values } = firstPictures(pictures, MAX_PICTURES);
  const bytes = Int8Array.from(values, (value) => Math.round(127 * value));
  return { width, height, count, bytes: Buffer.from(bytes.buffer).toString('base64') };
}
