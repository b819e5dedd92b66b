import { chanceLoss, meanOf } from '../chance.js';
import type { Detector } from '../detector.js';
import { brief } from '../finding.js';
import { layerGradients } from '../layer-gradients.js';

/** Size of an update in relation to the weights, below which nothing moves. */
const UPDATE = 3e-5;
/** A loss above this part of the loss at chance is still at its beginning. */
const LEVEL = 0.9;

/** Steps so short that the weights hardly change, far from any goal. */
export const learningRateLow: Detector = {
  code: 'learning-rate-low',
  source:
    'Karpathy, CS231n (https://cs231n.github.io/neural-networks-3/#ratio): updates of about 1e-3 of the weights; threshold measured',
  explainedBy: ['dead-units', 'symmetric-weights', 'vanishing-gradients', 'saturated-units', 'input-scale'],
  detect({ statistics }) {
    const chance = chanceLoss(statistics);
    const loss = meanOf(statistics.scoringLosses);
    const kernels = layerGradients(statistics).filter(({ norm }) => norm > 0);
    const update = Math.max(...kernels.map((kernel) => kernel.update));
    if (kernels.length === 0 || chance === undefined || loss < LEVEL * chance) return [];
    // Without any gradient, no rate would move the weights.
    if (update >= UPDATE || kernels.every(({ gradientNorm }) => gradientNorm === 0)) return [];
    return [
      {
        severity: 'warning',
        message: `the learning rate is too low: one update changes no layer by more than ${brief(update)} of its weights, and the loss (${brief(loss)}) is still about that of chance (${brief(chance)})`,
        advice: 'Multiply the learning rate by 10, or find one with findLearningRate (cnn train --find-lr).',
        evidence: { update, loss, chance, threshold: UPDATE },
      },
    ];
  },
};
