import type { Detector } from '../detector.js';
import { brief } from '../finding.js';
import { layerGradients } from '../layer-gradients.js';

/** The gradient of a layer in relation to its weights. */
const WARNING = 10;

/** Gradients far larger than the weights, or no numbers at all. */
export const explodingGradients: Detector = {
  code: 'exploding-gradients',
  source:
    'Pascanu et al. 2013, "On the difficulty of training recurrent neural networks" (https://arxiv.org/abs/1211.5063); threshold measured',
  explainedBy: ['input-scale'],
  detect: ({ statistics }) =>
    layerGradients(statistics)
      .filter(({ relative, norm }) => (!Number.isFinite(relative) ? norm > 0 : relative > WARNING))
      .map(({ layer, gradientNorm, norm, relative }) => ({
        severity: Number.isFinite(relative) ? 'warning' : 'error',
        layer: layer.name,
        message: Number.isFinite(relative)
          ? `the gradient explodes: its norm is ${brief(gradientNorm)}, that of the weights ${brief(norm)}`
          : 'the gradient is not a finite number',
        advice:
          'Clip gradients (clipnorm: 1), lower the learning rate, start with smaller weights, scale inputs and targets.',
        evidence: { gradientNorm, norm, relative, threshold: WARNING },
      })),
};
