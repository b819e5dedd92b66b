import type { Detector } from '../detector.js';

/** Narrow healthy layers come to 0.25; at 0.9 a layer passes next to nothing on. */
const WARNING = 0.4;
const ERROR = 0.9;

/** ReLU units that are active for no sample: they give 0, have no gradient, and stay so. */
export const deadUnits: Detector = {
  code: 'dead-units',
  source:
    'Lu et al. 2019, "Dying ReLU and initialization" (https://arxiv.org/abs/1903.06733); CS231n (https://cs231n.github.io/neural-networks-1/#actfun): up to 40 % where the rate is too high',
  detect: ({ statistics: { layers, samples } }) =>
    layers
      .filter(({ activation }) => activation === 'relu')
      .map(({ name, units }) => ({ name, units, dead: units.filter((active) => active === 0).length }))
      .filter(({ units, dead }) => dead >= WARNING * units.length && dead > 1)
      .map(({ name, units, dead }) => ({
        severity: dead >= ERROR * units.length ? 'error' : 'warning',
        layer: name,
        message: `${dead} of ${units.length} ReLU units are active for none of ${samples} samples`,
        advice:
          'Make the model anew with kernelInitializer "heNormal", biases of zero and a lower learning rate, or use leakyReLU; dead units do not come back.',
        evidence: { dead, units: units.length, samples, threshold: WARNING },
      })),
};
