import type { Splits } from '../datasets/dataset.js';
import { classes as optimizers } from '../optimizers/index.js';
import { CosineDecay } from '../optimizers/schedules/cosine-decay.js';
import { findClass } from '../registry.js';
import { randomSeed, setRandomSeed } from '../runtime/random.js';
import { classification } from './classification.js';
import type { Action } from './command.js';
import { loadData, noteOf, shapedFor } from './data.js';
import { exitCodes } from './exit-codes.js';
import { findLr } from './find-lr.js';
import { chooseModel, type ModelChoice } from './model-choice.js';
import type { Values } from './option.js';
import type { trainOptions } from './options.js';
import { findInterrupted, optionsOf } from './resume.js';
import { checkRoom, checkWritable } from './run-folder.js';
import { startRuntime } from './runtime.js';
import { type Settings, Training } from './training.js';
import { packageVersion } from './version.js';
import { count } from './words.js';

/** Samples that `--tensorboard` looks at after each epoch. */
const BOARD_SAMPLES = 256;

/** `cnn train` */
export const train: Action<typeof trainOptions> = async (given, output) => {
  const { resume } = given;
  const interrupted = resume === undefined ? undefined : await findInterrupted(resume, given.out, output);
  const values = interrupted === undefined ? given : { ...given, ...optionsOf(interrupted) };
  const choice = await chooseModel(values.model);
  await checkWritable(values.out);
  const loaded = await loadData(values);
  const runtime = await startRuntime(values.device, output);
  const settings = settingsOf(values, choice, loaded);
  const { optimizer, learningRate, seed, batchSize } = settings;
  setRandomSeed(seed);
  const model = await choice.make(loaded.train);
  model.compile({
    ...classification,
    optimizer: new (findClass('optimizer', optimizers, optimizer))({
      learningRate: values.findLr ? learningRate : rateOf(settings, loaded.train.size),
    }),
    jit: values.jit,
    stepsPerExecution: values.stepsPerExecution,
    precision: values.precision,
  });
  const data = {
    train: shapedFor(model, loaded.train),
    validation: shapedFor(model, loaded.validation),
    test: shapedFor(model, loaded.test),
  };
  const samples = { train: data.train.size, validation: data.validation.size, test: data.test.size };
  output.info(
    `${values.data}: ${count(samples.train)} samples to train on, ${count(samples.validation)} for validation, ${count(samples.test)} for the test`,
  );
  const parameters = model.countParams();
  output.info(
    `${choice.name}: ${count(parameters)} parameters, ${optimizer} with learning rate ${learningRate}${settings.schedule === 'cosine' ? ' falling to 0' : ''}, batches of ${batchSize}, seed ${seed}`,
  );
  await checkRoom(values.out, parameters);
  if (values.dryRun) {
    // One batch through the whole model: shapes, loss and metrics fit, or say what does not.
    await model.evaluate(data.train.slice(0, Math.min(batchSize, data.train.size)), {
      batchSize,
      verbose: 0,
    });
    output.result({ event: 'dry-run', model: choice.name, parameters, samples, settings }, () => [
      'dry run: model, data and folder are fine; nothing was trained or written',
    ]);
    return exitCodes.done;
  }
  if (values.findLr) return findLr(model, data.train, batchSize, output);
  const config = interrupted?.config ?? {
    model: noteOf(values.model),
    data: noteOf(values.data),
    format: values.format,
    valSplit: values.valSplit,
    started: new Date().toISOString(),
    ...settings,
    jit: values.jit,
    stepsPerExecution: values.stepsPerExecution,
    precision: values.precision,
    tensorboard: values.tensorboard,
    parameters,
    samples,
    runtime,
    versions: { 'cnn-node': packageVersion(), node: process.versions.node },
  };
  const { epochs, schedule } = settings;
  const board = {
    histogramFreq: 1,
    data: data.train.slice(0, Math.min(BOARD_SAMPLES, samples.train)),
    hyperparameters: { model: choice.name, optimizer, learningRate, schedule, batchSize, epochs, seed },
  };
  const { run } = interrupted ?? {};
  const { out, profile } = values;
  const task = { model, data, settings, config, run, out, profile, name: choice.name };
  return new Training(values.tensorboard ? { ...task, board } : task, output).run();
};

/** The settings of a run: the user's, and the model's own where the user gave none. */
function settingsOf(values: Values<typeof trainOptions>, { recipe }: ModelChoice, data: Splits): Settings {
  return {
    epochs: values.epochs ?? recipe.epochs,
    batchSize: values.batchSize ?? recipe.batchSize,
    optimizer: values.optimizer ?? recipe.optimizer,
    learningRate: values.lr ?? recipe.learningRate,
    schedule: values.lrSchedule,
    patience: values.patience ?? Number.POSITIVE_INFINITY,
    seed: values.seed ?? randomSeed(),
    bestBy: values.bestBy,
    monitor: data.validation.size > 0 ? `val_${values.bestBy}` : values.bestBy,
  };
}

/** The learning rate over the whole training. */
function rateOf({ schedule, learningRate, epochs, batchSize }: Settings, samples: number) {
  if (schedule === 'constant') return learningRate;
  return new CosineDecay({
    initialLearningRate: learningRate,
    decaySteps: epochs * Math.ceil(samples / batchSize),
  });
}
