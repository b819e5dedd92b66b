import { type Command, command } from './command.js';
import { doctorOptions, setupOptions } from './options.js';

/** Every command of `cnn`, in the order of the help text. */
export const commands: readonly Command[] = [
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
