import { chanceLoss, meanOf } from '../chance.js';
import { type Detector, isWarm } from '../detector.js';
import { brief } from '../finding.js';

/** The loss in relation to the loss at chance. */
const LEVEL = 0.98;

/** A loss that is, after warm-up, no better than that of a model that knows nothing but the frequencies. */
export const chanceLevel: Detector = {
  code: 'chance-level',
  source: 'the entropy (or variance) of the targets; warm-up and threshold measured',
  detect(observation) {
    const chance = chanceLoss(observation.statistics);
    if (chance === undefined || chance === 0 || !isWarm(observation)) return [];
    const loss = meanOf(observation.statistics.scoringLosses);
    if (loss < LEVEL * chance) return [];
    return [
      {
        severity: 'error',
        message: `the network has learned nothing: the loss is ${brief(loss)}, and always giving the same answer has ${brief(chance)}`,
        advice:
          'See the other findings first; then check that labels belong to their samples, and look for a learning rate with findLearningRate (cnn train --find-lr).',
        evidence: { loss, chance, updates: observation.updates, threshold: LEVEL },
      },
    ];
  },
};
