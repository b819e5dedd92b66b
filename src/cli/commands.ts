import { type Command, command } from './command.js';
import { doctorOptions, setupOptions, showOptions } from './options.js';

/** Every command of `cnn`, in the order of the help text. */
export const commands: readonly Command[] = [
  command({
    name: 'show',
    summary: 'draw samples of a data set with their labels',
    operand: { name: 'INDEX', description: 'which samples, from 0 on', isList: true },
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
