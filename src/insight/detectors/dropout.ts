import { meanOf } from '../chance.js';
import type { Detector, Symptom } from '../detector.js';
import { brief } from '../finding.js';

/** Above it a network has too few units left at a time. */
const RATE = 0.6;

/** Dropout that takes more than it gives. */
export const dropout: Detector = {
  code: 'dropout',
  source:
    'Srivastava et al. 2014, "Dropout" (https://jmlr.org/papers/v15/srivastava14a.html), figure 9: flat up to 0.6, underfitting beyond; Li et al. 2018 (https://arxiv.org/abs/1801.05134) for dropout before batch normalization',
  detect: ({ statistics: { layers, losses, scoringLosses } }) =>
    layers.flatMap(({ name, className, config }, i): Symptom[] => {
      const rate = config.rate;
      if (!className.includes('Dropout') || typeof rate !== 'number' || rate === 0) return [];
      const evidence = { rate, trainingLoss: meanOf(losses), scoringLoss: meanOf(scoringLosses) };
      if (rate > RATE) {
        return [
          {
            severity: 'warning',
            layer: name,
            message: `dropout of ${rate} leaves too little: the loss is ${brief(evidence.trainingLoss)} with it, ${brief(evidence.scoringLoss)} without`,
            advice: 'Use a rate from 0.2 to 0.5, or more units in this layer.',
            evidence: { ...evidence, threshold: RATE },
          },
        ];
      }
      const next = layers.slice(i + 1).find(({ weights }) => weights.length > 0);
      if (next?.className !== 'BatchNormalization') return [];
      return [
        {
          severity: 'warning',
          layer: name,
          message: `dropout before the batch normalization "${next.name}" changes the variances that this one learns`,
          advice: 'Put dropout after the last batch normalization.',
          evidence: { ...evidence, next: next.name },
        },
      ];
    }),
};
