import { meanOf } from '../chance.js';
import type { Detector } from '../detector.js';
import { brief, percent } from '../finding.js';

/** The loss of a batch after an update by its own gradient, in relation to before. */
const AFTER_UPDATE = 1.5;

/** Steps so long that each one makes the loss worse of the very samples it was made for. */
export const learningRateHigh: Detector = {
  code: 'learning-rate-high',
  source:
    'LeCun et al. 1998, "Efficient BackProp", section 5 (http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf): beyond twice the best rate a step leads uphill; threshold measured',
  explainedBy: ['input-scale', 'exploding-gradients'],
  detect({ statistics: { losses, lossesAfterUpdate } }) {
    const worse = losses.filter((loss, i) => !(lossesAfterUpdate[i]! <= AFTER_UPDATE * loss)).length;
    if (worse <= losses.length / 2) return [];
    const [before, after] = [meanOf(losses), meanOf(lossesAfterUpdate)];
    return [
      {
        severity: 'warning',
        message: `the learning rate is too high: one update raises the loss of its own batch from ${brief(before)} to ${brief(after)} (in ${percent(worse / losses.length)} of the batches)`,
        advice: 'Divide the learning rate by 10, or find one with findLearningRate (cnn train --find-lr).',
        evidence: { before, after, threshold: AFTER_UPDATE },
      },
    ];
  },
};
