import { createHash } from 'node:crypto';
import { Dataset } from '../datasets/dataset.js';
import { CnnError } from '../errors.js';
import { describe } from '../options.js';
import { formatShape, isCompatible, type Shape } from '../shape.js';
import * as tf from '../tf.js';
import type { FitOptions } from './fit.js';
import type { Model } from './model.js';
import { type ArrayLike, Source } from './source.js';
import type { StepData } from './steps.js';

/** The first `rows` samples of data in place. */
export interface PlacedRows {
  readonly step: StepData;
  readonly rows: number;
}

/** Inputs, targets and weights in place, checked against the model. */
export class PlacedData implements PlacedRows {
  readonly step: StepData;
  /** Number of samples that are used: the first ones. */
  readonly rows: number;
  /** The first row that is used. */
  readonly firstRow: number;
  private readonly sources: readonly Source[];
  private readonly release: () => void;

  constructor(
    step: StepData,
    rows: number,
    firstRow: number,
    sources: readonly Source[],
    release: () => void,
  ) {
    this.step = step;
    this.rows = rows;
    this.firstRow = firstRow;
    this.sources = sources;
    this.release = release;
  }

  /** SHA-256 of all values and of how they are used: 43 MB take about 0.1 s. */
  fingerprint(): string {
    const hash = createHash('sha256');
    for (const source of this.sources) source.addTo(hash);
    if (this.step.classWeights !== undefined) hash.update(this.step.classWeights.dataSync<'float32'>());
    return hash.digest('hex');
  }

  dispose(): void {
    this.release();
  }
}

/** What `evaluate` and `fit` are given. */
export interface PlaceOptions {
  readonly sampleWeight?: ArrayLike;
  readonly classWeight?: Readonly<Record<number, number>>;
}

/**
 * Puts data in place for the model, building the model for it if that has not happened.
 *
 * @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH, DATA_INVALID
 */
export function placeData(model: Model, x: ArrayLike, y: ArrayLike, options: PlaceOptions = {}): PlacedData {
  const sources: Source[] = [];
  const place = (value: ArrayLike, role: 'x' | 'y', sampleShape?: Shape) => {
    const source = Source.of(value, role, sampleShape);
    sources.push(source);
    return source;
  };
  const extras: tf.Tensor[] = [];
  const release = () => {
    for (const source of sources) source.dispose();
    tf.dispose(extras);
  };
  try {
    const inputs = place(x, 'x', model.inputShape?.slice(1));
    const targets = place(y, 'y');
    requireSameRows('y', targets.rows, inputs.rows);
    if (inputs.rows === 0)
      throw new CnnError('DATA_INVALID', 'there is no data', {
        expected: 'one sample or more',
        received: '0',
      });
    checkInputShape(model, inputs.batchShape);
    model.prepare(inputs.batchShape, targets.batchShape);
    checkTargets(model, targets);
    const weights =
      options.sampleWeight === undefined ? undefined : placeWeights(() => place(options.sampleWeight!, 'y'));
    if (weights !== undefined) requireSameRows('sampleWeight', weights.rows, inputs.rows);
    let weightValues = weights?.values;
    if (weights !== undefined && weights.format.dtype === 'int32') {
      weightValues = weights.values.cast('float32');
      extras.push(weightValues);
    }
    const classWeights =
      options.classWeight === undefined ? undefined : classWeightTensor(model, options.classWeight);
    if (classWeights !== undefined) extras.push(classWeights);
    const step: StepData = {
      x: inputs.values,
      xFormat: inputs.format,
      y: targets.values,
      yFormat: targets.format,
      ...(weightValues === undefined ? {} : { weights: weightValues }),
      ...(classWeights === undefined ? {} : { classWeights }),
    };
    return new PlacedData(step, inputs.rows, 0, sources, release);
  } catch (error) {
    release();
    throw error;
  }
}

/** The data of `fit`: what is trained on, and what is held out. */
export class TrainingData implements PlacedRows {
  readonly rows: number;
  readonly step: StepData;
  readonly validation: PlacedData | undefined;
  private readonly placed: PlacedData;

  private constructor(placed: PlacedData, rows: number, validation: PlacedData | undefined) {
    this.placed = placed;
    this.step = placed.step;
    this.rows = rows;
    this.validation = validation;
  }

  static place(model: Model, x: ArrayLike, y: ArrayLike, options: FitOptions): TrainingData {
    const { validationSplit, validationData } = options;
    const placed = placeData(model, x, y, options);
    try {
      if (validationData !== undefined) {
        const [vx, vy, sampleWeight] = partsOf(validationData);
        return new TrainingData(placed, placed.rows, placeData(model, vx, vy, { sampleWeight }));
      }
      if (validationSplit === undefined || validationSplit === 0)
        return new TrainingData(placed, placed.rows, undefined);
      const held = heldOut(placed.rows, validationSplit);
      const rows = placed.rows - held;
      return new TrainingData(placed, rows, new PlacedData(placed.step, held, rows, [], () => {}));
    } catch (error) {
      placed.dispose();
      throw error;
    }
  }

  /** Changes with whatever a run's numbers depend on: the samples, and which of them are for validation. */
  fingerprint(): string {
    const held = this.validation && `${this.validation.rows} ${this.validation.fingerprint()}`;
    return createHash('sha256').update(`${this.rows} ${this.placed.fingerprint()} ${held}`).digest('hex');
  }

  dispose(): void {
    this.validation?.dispose();
    this.placed.dispose();
  }
}

/** Weights are read as targets are, but nobody should look for what is wrong with them in y. */
function placeWeights(place: () => Source): Source {
  try {
    return place();
  } catch (error) {
    throw error instanceof CnnError ? error.within('sampleWeight', { argument: 'sampleWeight' }) : error;
  }
}

function partsOf(data: NonNullable<FitOptions['validationData']>) {
  if (data instanceof Dataset) return [data.x, data.y] as const;
  if (Array.isArray(data) && (data.length === 2 || data.length === 3)) return data as typeof data & unknown[];
  throw new CnnError('INVALID_ARGUMENT', 'validationData is not valid', {
    argument: 'validationData',
    expected: 'a Dataset, [x, y] or [x, y, sampleWeight]',
    received: Array.isArray(data) ? `an array of ${data.length}` : describe(data),
  });
}

/** Number of samples held out. As in Keras: the last ones, before shuffling. */
function heldOut(rows: number, fraction: number): number {
  const kept = typeof fraction === 'number' ? Math.floor(rows * (1 - fraction)) : 0;
  if (kept > 0 && kept < rows) return rows - kept;
  throw new CnnError(
    'INVALID_ARGUMENT',
    'validationSplit leaves nothing to train on, or nothing to validate with',
    {
      argument: 'validationSplit',
      expected: `a fraction between 0 and 1 that splits ${rows} samples`,
      received: String(fraction),
    },
  );
}

function requireSameRows(argument: string, rows: number, expected: number): void {
  if (rows === expected) return;
  throw new CnnError('SHAPE_MISMATCH', `${argument} has another number of samples than x`, {
    argument,
    expected: String(expected),
    received: String(rows),
  });
}

function checkInputShape(model: Model, shape: Shape): void {
  if (model.inputShape === undefined || isCompatible(shape, model.inputShape)) return;
  throw new CnnError('SHAPE_MISMATCH', `x does not fit model "${model.name}"`, {
    argument: 'x',
    expected: formatShape(model.inputShape),
    received: formatShape(shape),
    hint: 'Reshape the data (dataset.reshape), or change the inputShape of the first layer.',
  });
}

/** Targets that the loss has no meaning for give a loss of NaN or 0, so they are refused before the first step. */
function checkTargets(model: Model, targets: Source): void {
  const outputs = model.outputShape?.at(-1) ?? undefined;
  const range = outputs === undefined ? undefined : model.compiled.loss.targetRange(outputs);
  // Labels that become one-hot were checked by the data set that they are of.
  if (range === undefined || targets.format.oneHot > 0) return;
  // Targets of another shape than the predictions have are refused for that.
  const isLabels = model.compiled.loss.targets === 'labels';
  if (!isLabels && !isCompatible(targets.batchShape, model.outputShape!)) return;
  const values = targets.given();
  const at = values.findIndex((value) => !range.includes(value));
  if (at < 0) return;
  const row = Math.floor(at / (values.length / targets.rows));
  throw new CnnError('DATA_INVALID', `target ${values[at]} of sample ${row} is out of range`, {
    row,
    expected: range.expected,
    received: String(values[at]),
  });
}

function classWeightTensor(model: Model, weights: Readonly<Record<number, number>>): tf.Tensor {
  if (typeof weights !== 'object' || weights === null) {
    throw new CnnError('INVALID_ARGUMENT', 'classWeight is not valid', {
      argument: 'classWeight',
      expected: 'an object: { 0: 1, 1: 5 }',
      received: String(weights),
    });
  }
  const classes = Math.max(
    model.outputShape?.at(-1) ?? 0,
    ...Object.keys(weights).map((key) => Number(key) + 1),
  );
  const values = new Float32Array(classes).fill(1);
  for (const [key, weight] of Object.entries(weights)) {
    const label = Number(key);
    if (!Number.isInteger(label) || label < 0 || !Number.isFinite(weight) || weight < 0) {
      throw new CnnError('INVALID_ARGUMENT', `classWeight of "${key}" is not valid`, {
        argument: 'classWeight',
        expected: 'a class from 0 on and a weight of 0 or more',
        received: `${key}: ${weight}`,
      });
    }
    values[label] = weight;
  }
  return tf.tensor1d(values);
}
