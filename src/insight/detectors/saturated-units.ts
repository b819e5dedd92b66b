import type { Detector } from '../detector.js';
import { percent } from '../finding.js';

/** Sigmoid layers that learn digits well come to 0.4. */
const WARNING = 0.7;
const ERROR = 0.95;

/** Sigmoid and tanh units in the flat parts of their curve, through which hardly any gradient comes back. */
export const saturatedUnits: Detector = {
  code: 'saturated-units',
  source:
    'Glorot and Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks" (https://proceedings.mlr.press/v9/glorot10a.html); thresholds measured',
  explainedBy: ['input-scale'],
  detect: ({ statistics: { layers } }) =>
    layers
      // The last layer is to be sure of its predictions; whether it has a right to is another finding.
      .slice(0, -1)
      .filter(({ activation }) => activation === 'sigmoid' || activation === 'tanh')
      .map((layer) => ({
        ...layer,
        flat: layer.units.reduce((sum, unit) => sum + unit, 0) / layer.units.length,
      }))
      .filter(({ flat }) => flat >= WARNING)
      .map(({ name, activation, flat }) => ({
        severity: flat >= ERROR ? 'error' : 'warning',
        layer: name,
        message: `${percent(flat)} of the ${activation} outputs are where its slope is below a twentieth of the largest`,
        advice:
          'Scale the inputs to about -1 to 1, start with smaller weights ("glorotUniform"), lower the learning rate, put batchNormalization before the activation, or use relu.',
        evidence: { flat, threshold: WARNING },
      })),
};
