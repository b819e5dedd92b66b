import path from 'node:path';
import { Callback, type Logs, type TrainingControl } from '../../callbacks/callback.js';
import type { Dataset } from '../../datasets/dataset.js';
import { CnnError } from '../../errors.js';
import { checkKind, count, object, recordOf } from '../../json-kind.js';
import type { Model } from '../../models/model.js';
import { placeData } from '../../models/training-data.js';
import { HostArray } from '../../runtime/host-array.js';
import { native } from '../../runtime/native.js';
import * as tf from '../../tf.js';
import { confusionMatrix, confusionPicture } from '../confusion.js';
import { enlarge, tile } from '../image.js';
import { pictureShape, samplePicture } from '../pictures.js';
import { colouredPictures, firstLayerMaps, firstPictures } from '../signed-pictures.js';
import { EventFile, type EventFilePlace, eventFilePlace } from './event-file.js';
import type { Hyperparameter } from './summary.js';

/** What {@link TensorBoard} takes. */
export interface TensorBoardOptions {
  /** The run's folder; `train/` and `validation/` in it get the events. Default: `'logs'`. */
  logDir?: string;
  /**
   * Epochs between histograms of the weights (and with `data`, of gradients and of what layers give) and pictures of
   * the first layer's weights, and the confusion matrix of the data. Default: 0, none.
   */
  histogramFreq?: number;
  /** Whether to write the traced training step as a graph, and the model as its layers. Default: true. */
  writeGraph?: boolean;
  /** When to write results beside those of epochs: `'epoch'` never, else every so many batches. Default: `'epoch'`. */
  updateFreq?: 'epoch' | number;
  /** Some samples (a few hundred) to look at: gradients, layers' outputs, and the pictures themselves. */
  data?: Dataset;
  /** Settings of the run, for the table that compares runs. */
  hyperparameters?: Readonly<Record<string, Hyperparameter>>;
}

/** Pictures shown of the samples and of the first layer at the most. */
const MAX_PICTURES = 64;

/**
 * Writes what TensorBoard shows: results of each epoch (`epoch_loss` ..., as Keras calls them) and the learning rate,
 * the compiled training step as a graph, histograms, pictures, hyper-parameters. Look at it with
 * `tensorboard --logdir logs`, or read the curves with `report.readScalars`. A training that is resumed goes on in its files
 * where its checkpoint stands; what was written after that is cut off.
 *
 * @throws CnnError WRITE_FAILED with the file's name; INVALID_ARGUMENT
 * @example
 * const board = new TensorBoard({ logDir: 'logs/1', histogramFreq: 1, data: train.slice(0, 256) });
 * await model.fit(train, { epochs: 10, validationData: validation, callbacks: [board] });
 */
export class TensorBoard extends Callback {
  private readonly options: Required<Omit<TensorBoardOptions, 'data' | 'hyperparameters'>> &
    TensorBoardOptions;
  private readonly files = new Map<string, EventFile>();
  /** Where the files of the training that goes on were when it was put aside. */
  private readonly places = new Map<string, EventFilePlace>();
  private model: Model | undefined;
  private stepsPerEpoch = 0;
  private epoch = 0;

  constructor(options: TensorBoardOptions = {}) {
    super();
    const { logDir = 'logs', histogramFreq = 0, writeGraph = true, updateFreq = 'epoch' } = options;
    this.options = { ...options, logDir, histogramFreq, writeGraph, updateFreq };
    checkCount('histogramFreq', histogramFreq, 0);
    if (updateFreq === 'epoch') return;
    checkCount('updateFreq', updateFreq, 1);
    // Only a callback that has this method is told about batches, which costs time.
    this.onBatchEnd = (batch, logs) => this.writeBatch(batch, logs, updateFreq);
  }

  override async onTrainBegin(control: TrainingControl): Promise<void> {
    const { hyperparameters, writeGraph, data, histogramFreq } = this.options;
    this.model = control.model as unknown as Model;
    this.stepsPerEpoch = control.stepsPerEpoch;
    this.files.clear();
    const train = await this.fileOf('train');
    if (train.isNew) {
      if (writeGraph) {
        train.layers(this.model.name, this.model.layers);
        if (native() !== undefined) train.graph(control.traceStep().toGraphDef());
      }
      if (data !== undefined && histogramFreq > 0) writeSamples(train, data);
      await train.flush();
    }
    if (hyperparameters === undefined) return;
    // Results of training and of validation belong to the settings when these lie in the folder above both.
    const run = await this.fileOf('.');
    if (!run.isNew) return;
    run.hyperparameters(hyperparameters);
    await run.flush();
  }

  override onEpochBegin(epoch: number): void {
    this.epoch = epoch;
  }

  override async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    for (const [name, value] of Object.entries(logs)) {
      const isValidation = name.startsWith('val_');
      const file = await this.fileOf(isValidation ? 'validation' : 'train');
      file.scalar(`epoch_${isValidation ? name.slice(4) : name}`, value, epoch);
    }
    const train = await this.fileOf('train');
    train.scalar('epoch_learning_rate', this.model!.optimizer.learningRate, epoch);
    const { histogramFreq } = this.options;
    if (histogramFreq > 0 && epoch % histogramFreq === 0) await this.writeInside(train, epoch);
    for (const file of this.files.values()) await file.flush();
  }

  override getState(): Record<string, unknown> {
    const files = Object.fromEntries([...this.files].map(([part, { place }]) => [part, place]));
    return { epoch: this.epoch, files };
  }

  override setState(state: Record<string, unknown>): void {
    const kind = object({ epoch: count, files: recordOf(eventFilePlace) });
    const { epoch, files } = checkKind('the state of TensorBoard', state, kind);
    // Nobody tells of the beginning of an epoch that is gone on with.
    this.epoch = epoch;
    for (const [part, place] of Object.entries(files)) this.places.set(part, place);
  }

  override async onTrainEnd(): Promise<void> {
    this.places.clear();
    if (this.options.hyperparameters === undefined) return;
    const run = await this.fileOf('.');
    run.ended();
    await run.flush();
  }

  private async writeBatch(batch: number, logs: Logs, every: number): Promise<void> {
    const step = this.epoch * this.stepsPerEpoch + batch;
    if ((step + 1) % every !== 0) return;
    const train = await this.fileOf('train');
    for (const [name, value] of Object.entries(logs)) train.scalar(`batch_${name}`, value, step);
    await train.flush();
  }

  /** Weights, and what happens to the samples on their way. */
  private async writeInside(file: EventFile, epoch: number): Promise<void> {
    const model = this.model!;
    for (const { path: name, values } of weightsOf(model))
      file.histogram(`${name}/histogram`, values.data, epoch);
    const weights = firstLayerMaps(model);
    if (weights !== undefined) {
      const pictures = colouredPictures(firstPictures(weights, MAX_PICTURES));
      file.images('first_layer', [framed(pictures)], epoch);
    }
    const { data } = this.options;
    if (data === undefined || model.trainableWeights.length === 0) return;
    const placed = placeData(model, data.x, data.y);
    const rows = tf.range(0, data.size, 1, 'int32');
    try {
      const { loss, gradients, outputs } = await model.steps.inspect.async(placed.step, rows);
      loss.dispose();
      const names = namesOf(model, 'trainableWeights');
      for (const [i, gradient] of gradients.entries()) {
        file.histogram(`${names[i]}/gradient`, hostArray(gradient).data, epoch);
      }
      for (const [layer, output] of Object.entries(outputs)) {
        const values = hostArray(output);
        file.histogram(`${layer}/output`, values.data, epoch);
        if (layer === model.layers.at(-1)!.name) writeConfusion(file, data, values, epoch);
      }
    } finally {
      rows.dispose();
      placed.dispose();
    }
  }

  private async fileOf(part: string): Promise<EventFile> {
    let file = this.files.get(part);
    if (file === undefined) {
      const folder = path.join(this.options.logDir, part);
      const place = this.places.get(part);
      this.places.delete(part);
      file = (place && (await EventFile.goOn(folder, place))) ?? (await EventFile.create(folder));
      this.files.set(part, file);
    }
    return file;
  }
}

function writeSamples(file: EventFile, data: Dataset): void {
  if (pictureShape(data.x.shape) === undefined) return;
  const count = Math.min(MAX_PICTURES, data.size);
  const pictures = Array.from({ length: count }, (_, i) => samplePicture(data.x, i, { inverted: true }));
  file.images('samples', [framed(pictures)], 0);
}

/** What the samples are taken for, where they have labels and the model has an output for each. */
function writeConfusion(
  file: EventFile,
  { y, numClasses }: Dataset,
  outputs: HostArray,
  epoch: number,
): void {
  const classes = outputs.shape.at(-1)!;
  if (y.shape.length > 0 || numClasses !== classes || outputs.shape.length !== 2) return;
  const matrix = confusionMatrix(y.data, outputs.argMax(), classes);
  file.images('confusion_matrix', [enlarge(confusionPicture(matrix), 16)], epoch);
}

/** In rows of 16, each pixel doubled: TensorBoard shows pictures small. */
function framed(pictures: Parameters<typeof tile>[0]) {
  return enlarge(tile(pictures, 16, 128), 2);
}

function weightsOf(model: Model): { path: string; values: HostArray }[] {
  const names = namesOf(model, 'weights');
  return model.weights.map((weight, i) => ({ path: names[i]!, values: hostArray(weight.read()) }));
}

function namesOf(model: Model, which: 'weights' | 'trainableWeights'): string[] {
  return model.layers.flatMap((layer) => layer[which].map((weight) => `${layer.name}/${weight.name}`));
}

function hostArray(tensor: tf.Tensor): HostArray {
  const array = HostArray.fromSync(tensor);
  tensor.dispose();
  return array;
}

function checkCount(argument: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new CnnError('INVALID_ARGUMENT', `TensorBoard: ${argument} is not valid`, {
    argument,
    expected: `a whole number from ${least} on`,
    received: String(value),
  });
}
