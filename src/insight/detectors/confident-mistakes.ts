import type { Detector } from '../detector.js';
import { percent } from '../finding.js';

/** Of the mistakes, how many may be certain, and how many mistakes it takes to judge. */
const CERTAIN_SHARE = 0.5;
const MISTAKES = 0.05;

/** A softmax or sigmoid at the end that is certain and wrong: saturated, and far from where it could still learn. */
export const confidentMistakes: Detector = {
  code: 'confident-mistakes',
  source:
    'Guo et al. 2017, "On calibration of modern neural networks" (https://arxiv.org/abs/1706.04599); thresholds measured',
  explainedBy: ['input-scale', 'initial-scale'],
  detect({ statistics: { layers, mistakes } }) {
    if (mistakes === undefined || mistakes.wrong < MISTAKES) return [];
    const share = mistakes.certain / mistakes.wrong;
    if (share < CERTAIN_SHARE) return [];
    const { name, activation } = layers.at(-1)!;
    return [
      {
        severity: 'warning',
        layer: name,
        message: `the ${activation} is saturated: ${percent(share)} of its wrong predictions (${percent(mistakes.wrong)} of all) have a probability of 0.99 or more`,
        advice:
          'Lower the learning rate, start with smaller weights, scale the inputs, and look at the labels of these samples.',
        evidence: { wrong: mistakes.wrong, certain: mistakes.certain, threshold: CERTAIN_SHARE },
      },
    ];
  },
};
