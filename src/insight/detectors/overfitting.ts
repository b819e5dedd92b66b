import { meanOf } from '../chance.js';
import type { Detector } from '../detector.js';
import { brief } from '../finding.js';

/** How far the validation loss is above its lowest, Prechelt's GL of 5 %. */
const GENERALIZATION_LOSS = 1.05;
/** Epochs over which it is. */
const EPOCHS = 3;

/** Validation that gets worse while training goes on getting better. */
export const overfitting: Detector = {
  code: 'overfitting',
  source:
    'Prechelt 1998, "Early stopping, but when?" (https://doi.org/10.1007/3-540-49430-8_3): generalization loss above 5 %',
  detect({ history: { loss = [], val_loss: validation = [] } }) {
    const lowest = Math.min(...validation);
    const best = validation.indexOf(lowest);
    const since = validation.slice(best + 1);
    if (since.length < EPOCHS) return [];
    // Validation may be run every few epochs only.
    const onset = Math.floor(((best + 1) * loss.length) / validation.length) - 1;
    const now = meanOf(since.slice(-EPOCHS));
    if (!(now > GENERALIZATION_LOSS * lowest && loss.at(-1)! < loss[onset]!)) return [];
    return [
      {
        severity: 'warning',
        message: `overfitting since epoch ${onset + 1}: the validation loss rose from ${brief(lowest)} to ${brief(now)} while the training loss fell from ${brief(loss[onset]!)} to ${brief(loss.at(-1)!)}`,
        advice:
          'Stop there (earlyStopping with restoreBestWeights), add dropout or weight decay, use fewer units, or get more data.',
        evidence: { onset: onset + 1, lowest, now, threshold: GENERALIZATION_LOSS },
      },
    ];
  },
};
