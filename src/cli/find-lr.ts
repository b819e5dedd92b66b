import type { Dataset } from '../datasets/dataset.js';
import { brief } from '../insight/finding.js';
import { findLearningRate } from '../insight/index.js';
import type { Model } from '../models/model.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { Output } from './output.js';

/** Lines of the table, and characters of its longest bar. */
const LINES = 20;
const BAR = 40;

/** `cnn train --find-lr`: which learning rates make the loss fall. Trains nothing that stays. */
export async function findLr(
  model: Model,
  train: Dataset,
  batchSize: number,
  output: Output,
): Promise<ExitCode> {
  const range = await findLearningRate(model, train, { batchSize });
  const { rates, losses, suggested, lowest } = range;
  output.result({ event: 'learning-rates', ...range }, (colors) => {
    const most = Math.max(...losses);
    const every = Math.max(1, Math.ceil(losses.length / LINES));
    const lines = losses.flatMap((loss, i) => {
      if (i % every !== 0) return [];
      const bar = '█'.repeat(Math.max(1, Math.round((loss / most) * BAR)));
      return [`${rates[i]!.toExponential(1)}  ${loss.toFixed(4).padStart(8)}  ${bar}`];
    });
    const verdict =
      suggested === undefined
        ? colors.yellow('no learning rate makes the loss fall: run cnn inspect')
        : `learning rate ${colors.bold(String(suggested))}: a tenth of ${brief(lowest)}, where the loss is lowest`;
    return ['rate         loss', ...lines, '', verdict];
  });
  return exitCodes.done;
}
