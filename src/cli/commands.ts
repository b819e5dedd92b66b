import { recipes } from '../models/zoo/recipes.js';
import { type Command, command } from './command.js';
import {
  doctorOptions,
  evaluateOptions,
  exportOptions,
  inspectOptions,
  predictOptions,
  serveOptions,
  setupOptions,
  showOptions,
  trainOptions,
} from './options.js';

const trainedModel = {
  name: 'RUN|FILE',
  description: 'a run, or a saved model (default: the newest run in runs/, else the MLP that comes along)',
};

/** Every command of `cnn`, in the order of the help text. */
export const commands: readonly Command[] = [
  command({
    name: 'train',
    summary: `train a model: ${Object.keys(recipes).join(', ')}, or a saved one`,
    options: trainOptions,
    examples: [
      ['cnn train --model mlp', 'MNIST, 10 epochs: 98.5 % on the test set'],
      ['cnn train --model cnn --epochs 12 --seed 1', 'a convolutional network, repeatable'],
      ['cnn train --data digits.csv --val-split 0.2', 'your own digits'],
      ['cnn train --model runs/mlp-1/best.keras', 'train a saved model further'],
      ['cnn train --resume', 'go on with the run that was interrupted last'],
    ],
    computes: true,
    load: async () => (await import('./train.js')).train,
  }),
  command({
    name: 'evaluate',
    summary: 'score a trained model on the test set',
    operand: trainedModel,
    options: evaluateOptions,
    examples: [
      ['cnn evaluate', 'the newest run, or without any the MLP of models/'],
      ['cnn evaluate runs/mlp-1 --confusion', 'what is taken for what'],
      ['cnn evaluate --min-accuracy 0.97 --json', 'in a script: exits with 3 below 97 %'],
    ],
    computes: true,
    load: async () => (await import('./evaluate.js')).evaluate,
  }),
  command({
    name: 'predict',
    summary: 'say which digits are in pictures, or in the rows of a CSV',
    operand: {
      name: 'FILE',
      description: 'PNG, JPEG, .csv or .csv.gz; - or nothing: a picture or CSV from stdin',
      list: 'any',
    },
    options: predictOptions,
    examples: [
      ['cnn predict seven.png photo.jpg', 'one digit a picture, of any size'],
      ['cnn predict seven.png --show', 'and what the model is given'],
      ['cnn predict digits.csv --top 1 --json', 'each row, for a program'],
      ['cnn show 3 --png 3.png && cnn predict < 3.png', 'from stdin'],
    ],
    computes: true,
    load: async () => (await import('./predict.js')).predict,
  }),
  command({
    name: 'serve',
    summary: 'open a page, for this machine only, on which to draw digits and see the model at work',
    options: serveOptions,
    examples: [
      ['cnn serve', 'the newest run, or without any the MLP of models/'],
      ['cnn serve --model cnn-1 --port 8000', 'another run, another port'],
    ],
    computes: true,
    load: async () => (await import('./serve.js')).serve,
  }),
  command({
    name: 'inspect',
    summary: 'say what is wrong with a trained model, and what to do about it',
    operand: trainedModel,
    options: inspectOptions,
    examples: [
      ['cnn inspect', 'the newest run: weights, dead units, gradients, overfitting ...'],
      ['cnn inspect runs/mlp-1/last.keras --json', 'for a program'],
    ],
    computes: true,
    load: async () => (await import('./inspect.js')).inspect,
  }),
  command({
    name: 'export',
    summary: 'write a trained model for TensorFlow, TensorFlow.js or others',
    operand: trainedModel,
    options: exportOptions,
    examples: [
      ['cnn export --to digits', 'a SavedModel, which TensorFlow loads in any language'],
      ['cnn export runs/mlp-1 --to model.json', 'for tf.loadLayersModel in browsers'],
      ['cnn export models/cnn.keras --to cnn.safetensors', 'the weights alone'],
    ],
    computes: true,
    load: async () => (await import('./export.js')).exportModel,
  }),
  command({
    name: 'show',
    summary: 'draw samples of a data set with their labels',
    operand: { name: 'INDEX', description: 'which samples, from 0 on', list: 'some' },
    options: showOptions,
    examples: [
      ['cnn show 0 1 2', 'the first three digits to train on'],
      ['cnn show 18 --part test --png digit.png', 'as a file'],
      ['cnn show 7 --data fashion-mnist', 'other data'],
    ],
    load: async () => (await import('./show.js')).show,
  }),
  command({
    name: 'setup',
    summary: 'install TensorFlow, which computes; other commands do so when first used',
    options: setupOptions,
    examples: [
      ['cnn setup', 'downloaded by pip, checked, tried'],
      ['cnn setup --gpu', 'the CUDA build'],
      ['cnn setup --from tensorflow_cpu-....whl', 'without network'],
    ],
    load: async () => (await import('./setup.js')).setup,
  }),
  command({
    name: 'doctor',
    summary: 'say what runs here, how fast, and what to mend',
    options: doctorOptions,
    examples: [
      ['cnn doctor', 'exits with 1 when training cannot run natively'],
      ['cnn doctor --json', 'in a script'],
    ],
    load: async () => (await import('./doctor.js')).doctor,
  }),
];
