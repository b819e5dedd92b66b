import { gather } from '../datasets/bytes.js';
import { type CsvImages, readCsv } from '../datasets/csv.js';
import { digitOf } from '../datasets/digit.js';
import { isPicture, readPicture } from '../datasets/picture-file.js';
import { sizeOf } from '../shape.js';
import { type Classifier, frameOf } from './trained-model.js';

/** A sample to be classified, as a model of digits takes it: bytes, 0 paper to 255 ink. */
export interface DigitInput {
  /** Where it is from: the file, or `stdin`. */
  readonly input: string;
  /** In a CSV, from 1. */
  readonly row?: number;
  /** In a CSV that says it. */
  readonly label?: number;
  readonly pixels: Uint8Array;
}

/** More than this is not read from stdin. */
const MAX_BYTES = 512 * 2 ** 20;

/**
 * The digits of a file, or of stdin for `-`: one in a picture, one in each row of a CSV.
 *
 * @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE, FILE_CORRUPT, DATA_INVALID, SHAPE_MISMATCH
 */
export async function readDigits(given: string, classifier: Classifier): Promise<DigitInput[]> {
  if (given !== '-') {
    return /\.csv(\.gz)?$/i.test(given)
      ? rowsOf(given, await readCsv(given, csvOptions(classifier)))
      : [await pictureOf(given, given, classifier)];
  }
  const bytes = await gather('stdin', process.stdin, MAX_BYTES);
  // What is no text can only have been meant as a picture.
  return isPicture(bytes) || bytes.length === 0 || bytes[0]! > 127 || bytes.subarray(0, 64).includes(0)
    ? [await pictureOf(bytes, 'stdin', classifier)]
    : rowsOf('stdin', await readCsv(bytes, { ...csvOptions(classifier), name: 'stdin' }));
}

async function pictureOf(
  source: string | Uint8Array,
  name: string,
  { model, file, fill }: Classifier,
): Promise<DigitInput> {
  const shape = frameOf(file, model.inputShape);
  return { input: name, pixels: digitOf(await readPicture(source, name), { shape, fill, name }) };
}

function csvOptions({ model, classes }: Classifier) {
  return { pixels: sizeOf(model.inputShape!.slice(1)), numClasses: classes.length };
}

function rowsOf(input: string, { rows, pixels, labels }: CsvImages): DigitInput[] {
  const size = pixels.length / rows;
  return Array.from({ length: rows }, (_, i) => ({
    input,
    row: i + 1,
    label: labels?.[i],
    pixels: pixels.subarray(i * size, (i + 1) * size),
  }));
}
