import type { Model } from '../models/model.js';
import { HostArray } from '../runtime/host-array.js';
import { type Image, image } from './image.js';
import { pictureShape } from './pictures.js';

/** Pictures of one size whose values are -1 to 1, one after another. */
export interface SignedPictures {
  /** Pixels in a row. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
  /** Number of pictures. */
  readonly count: number;
  /** Picture after picture, row after row. */
  readonly values: Float32Array;
}

/**
 * Weights as pictures, one for each unit or filter, all on one scale; of several input channels, the mean.
 *
 * @param kernel [inputs, units] of a dense layer, or [height, width, inputs, filters] of a convolution
 * @param inputShape of one sample, for a dense layer
 * @returns undefined where the weights belong to no picture
 */
export function weightMaps(kernel: HostArray, inputShape: readonly number[]): SignedPictures | undefined {
  const { shape, data } = kernel;
  const units = shape.at(-1)!;
  const picture = shape.length === 4 ? [shape[0]!, shape[1]!] : pictureShape(inputShape);
  if (picture === undefined || (shape.length !== 2 && shape.length !== 4)) return undefined;
  const [height, width] = picture as [number, number];
  const size = height * width;
  const depth = data.length / units / size;
  if (!Number.isInteger(depth)) return undefined;
  const values = new Float32Array(units * size);
  for (let i = 0; i < size * depth; i++) {
    for (let unit = 0; unit < units; unit++) {
      values[unit * size + Math.floor(i / depth)]! += data[i * units + unit]! / depth;
    }
  }
  return { width, height, count: units, values: scaled(values, data) };
}

/**
 * What a layer gives for one sample, as pictures: each channel of a feature map, or all units as one picture, row by
 * row; all on one scale.
 *
 * @param shape of one sample's output: [height, width, channels], [units], ...
 */
export function activationMaps(outputs: HostArray['data'], shape: readonly number[]): SignedPictures {
  const [height, width, channels] = shape;
  if (shape.length !== 3) {
    const across = unitsAcross(outputs.length);
    const down = Math.ceil(outputs.length / across);
    const values = new Float32Array(across * down);
    values.set(outputs);
    return { width: across, height: down, count: 1, values: scaled(values, outputs) };
  }
  const size = height! * width!;
  const values = Float32Array.from({ length: outputs.length }, (_, i) => {
    return outputs[(i % size) * channels! + Math.floor(i / size)]!;
  });
  return { width: width!, height: height!, count: channels!, values: scaled(values, outputs) };
}

/** Few units stand in one row; many fill a rectangle that is not higher than wide, and all of it where that is possible. */
function unitsAcross(units: number): number {
  if (units <= 16) return units;
  const square = Math.ceil(Math.sqrt(units));
  for (let across = square; across <= 2 * square; across++) if (units % across === 0) return across;
  return square;
}

/** To -1 to 1, by what is largest in `reference`. */
function scaled(values: Float32Array, reference: HostArray['data']): Float32Array {
  let largest = 0;
  for (const value of reference) largest = Math.max(largest, Math.abs(value));
  return largest === 0 ? values : values.map((value) => value / largest);
}

/** The first pictures, at most so many. */
export function firstPictures(
  { width, height, count, values }: SignedPictures,
  most: number,
): SignedPictures {
  const taken = Math.min(count, most);
  return { width, height, count: taken, values: values.subarray(0, taken * width * height) };
}

/** In colours: blue at -1, white (or on dark ground black) at 0, red at 1. */
export function colouredPictures(pictures: SignedPictures, ground: 'light' | 'dark' = 'light'): Image[] {
  return toImages(pictures, 3, ground === 'light' ? onLight : onDark);
}

/** In shades of gray: black at 0 and below, white at 1. */
export function grayPictures(pictures: SignedPictures): Image[] {
  return toImages(pictures, 1, (value) => [Math.round(255 * Math.max(0, value))]);
}

function toImages(
  { width, height, count, values }: SignedPictures,
  channels: 1 | 3,
  pixelOf: (value: number) => readonly number[],
): Image[] {
  const size = width * height;
  return Array.from({ length: count }, (_, i) => {
    const pixels = new Uint8Array(size * channels);
    for (let k = 0; k < size; k++) pixels.set(pixelOf(values[i * size + k]!), k * channels);
    return image(width, height, channels, pixels);
  });
}

/**
 * Weights as pictures, one for each unit or filter: blue below 0, white at 0, red above, all on one scale.
 *
 * @param kernel [inputs, units] of a dense layer, or [height, width, inputs, filters] of a convolution
 * @param inputShape of one sample, for a dense layer
 * @returns undefined where the weights belong to no picture
 */
export function weightPictures(kernel: HostArray, inputShape: readonly number[]): Image[] | undefined {
  const maps = weightMaps(kernel, inputShape);
  return maps === undefined ? undefined : colouredPictures(maps);
}

/** The weights of a model's first layer that has some; undefined where they are no pictures. */
export function firstLayerMaps(model: Model): SignedPictures | undefined {
  const weight = model.weights.find(({ shape }) => shape.length > 1);
  if (weight === undefined) return undefined;
  const value = weight.read();
  const kernel = HostArray.fromSync(value);
  value.dispose();
  return weightMaps(kernel, (model.inputShape ?? []).slice(1) as number[]);
}

function onLight(value: number): [red: number, green: number, blue: number] {
  const rest = Math.round(255 * (1 - Math.abs(value)));
  return value < 0 ? [rest, rest, 255] : [255, rest, rest];
}

function onDark(value: number): [red: number, green: number, blue: number] {
  const [strong, pale] = [Math.round(255 * Math.abs(value)), Math.round(100 * Math.abs(value))];
  return value < 0 ? [pale, pale, strong] : [strong, pale, pale];
}
