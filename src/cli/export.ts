import { loadModel } from '../models/load.js';
import type { Action } from './command.js';
import { exitCodes } from './exit-codes.js';
import { findModel } from './find-model.js';
import { wrongValue } from './option.js';
import type { exportOptions } from './options.js';
import { startRuntime } from './runtime.js';

/** `cnn export` */
export const exportModel: Action<typeof exportOptions> = async ({ to }, output, given) => {
  if (to === undefined) {
    throw wrongValue('--to', 'where to write the model: a folder, or a file whose name says its format', '');
  }
  const { file } = await findModel(given, output);
  await startRuntime('auto', output);
  const model = await loadModel(file);
  if (/\.(keras|json)$/.test(to)) await model.save(to);
  else if (/\.(safetensors|weights\.h5)$/.test(to)) await model.saveWeights(to);
  else await model.export(to);
  output.result({ event: 'result', model: file, to }, () => [`${file} is in ${to}`]);
  return exitCodes.done;
};
