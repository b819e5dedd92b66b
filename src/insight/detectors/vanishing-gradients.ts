import type { Detector } from '../detector.js';
import { brief } from '../finding.js';
import { layerGradients } from '../layer-gradients.js';

/** The smallest relative gradient of a layer in relation to the largest. */
const WARNING = 1e-3;

/** Layers that the gradient does not reach. */
export const vanishingGradients: Detector = {
  code: 'vanishing-gradients',
  source:
    'Glorot and Bengio 2010 (https://proceedings.mlr.press/v9/glorot10a.html): gradients of equal size in all layers; threshold measured',
  explainedBy: ['dead-units', 'saturated-units', 'symmetric-weights', 'input-scale'],
  detect({ statistics }) {
    const gradients = layerGradients(statistics).filter(({ norm }) => norm > 0);
    const largest = gradients.reduce((a, b) => (b.relative > a.relative ? b : a), gradients[0]!);
    const smallest = gradients.reduce((a, b) => (b.relative < a.relative ? b : a), gradients[0]!);
    if (gradients.length < 2 || !(smallest.relative < WARNING * largest.relative)) return [];
    const ratio = smallest.relative / largest.relative;
    return [
      {
        severity: 'warning',
        layer: smallest.layer.name,
        message: `the gradient vanishes on its way: in relation to the weights it is ${brief(ratio)} times that of "${largest.layer.name}"`,
        advice:
          'Use relu instead of sigmoid or tanh, "heNormal" weights, batchNormalization between the layers, or fewer layers.',
        evidence: {
          gradientNorm: smallest.gradientNorm,
          largestGradientNorm: largest.gradientNorm,
          ratio,
          threshold: WARNING,
        },
      },
    ];
  },
};
