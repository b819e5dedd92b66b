import { classNames } from '../datasets/load.js';
import { CnnError } from '../errors.js';
import { loadModel } from '../models/load.js';
import type { Model } from '../models/model.js';
import { pictureShape } from '../report/pictures.js';
import type { DeviceChoice } from '../runtime/backend.js';
import { formatShape, type Shape } from '../shape.js';
import { findModel } from './find-model.js';
import type { Output } from './output.js';
import { startRuntime } from './runtime.js';

/** A model that says which class a sample is of, ready to be asked. */
export interface Classifier {
  readonly model: Model;
  readonly file: string;
  /** The name of each class. */
  readonly classes: readonly string[];
  /** Which part of a picture what is to be told fills, as in the data that the model was trained on. */
  readonly fill: number | undefined;
}

/**
 * Loads the model that `--model` names, by default the newest run's.
 *
 * @throws CnnError FILE_NOT_FOUND, FILE_CORRUPT and the like; SHAPE_MISMATCH for a model that does not tell classes
 */
export async function openClassifier(
  given: string | undefined,
  device: DeviceChoice,
  output: Output,
): Promise<Classifier> {
  const { file, config } = await findModel(given, output);
  await startRuntime(device, output);
  const model = await loadModel(file, { compile: false });
  const [, units, ...rest] = model.outputShape ?? [];
  if (units == null || units < 2 || rest.length > 0) {
    throw new CnnError('SHAPE_MISMATCH', `${file} does not tell classes`, {
      file,
      expected: 'an output for each class: [null, 2] or more',
      received: formatShape(model.outputShape ?? []),
    });
  }
  return {
    model,
    file,
    classes: classNames[config?.data ?? ''] ?? Array.from({ length: units }, (_, i) => String(i)),
    // Fashion-MNIST's articles reach the edges.
    fill: config?.data === 'fashion-mnist' ? 1 : undefined,
  };
}

/**
 * Height and width of the pictures that a model takes.
 *
 * @throws CnnError SHAPE_MISMATCH for a model that takes something else than pictures in shades of gray
 */
export function frameOf(file: string, inputShape: Shape | undefined): [height: number, width: number] {
  const shape = inputShape?.slice(1);
  const picture = shape?.every((size) => size !== null) ? pictureShape(shape as number[]) : undefined;
  if (picture?.[2] === 1) return [picture[0], picture[1]];
  throw new CnnError('SHAPE_MISMATCH', `${file} does not take gray pictures`, {
    file,
    expected: 'a model for [height, width], [height, width, 1] or the pixels of a square',
    received: formatShape(inputShape ?? []),
  });
}
