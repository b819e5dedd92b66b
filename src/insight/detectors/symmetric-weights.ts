import type { Detector } from '../detector.js';

/** Units count as equal when their weights differ by less than this fraction of the typical weight. */
const EQUAL = 1e-6;

/** Hidden units with equal weights: they get equal gradients, and stay one unit for ever. */
export const symmetricWeights: Detector = {
  code: 'symmetric-weights',
  source:
    'Goodfellow, Bengio and Courville 2016, "Deep Learning", section 8.4 (https://www.deeplearningbook.org/contents/optimization.html)',
  detect({ statistics: { layers } }) {
    const kernels = layers.flatMap(({ name, weights }) => {
      const kernel = weights.find(({ shape }) => shape.length > 1);
      return kernel === undefined ? [] : [{ ...kernel, name }];
    });
    // The last layer's units are told apart by the labels.
    return kernels
      .slice(0, -1)
      .filter(({ shape, norm, spread }) => {
        const typical = norm / Math.sqrt(shape.reduce((product, size) => product * size, 1));
        return shape.at(-1)! > 1 && spread <= EQUAL * typical;
      })
      .map(({ name, shape, norm, spread }) => ({
        severity: 'error',
        layer: name,
        message: `all ${shape.at(-1)} units have the same weights, and will keep having them`,
        advice:
          'Use a random initializer, such as the default "glorotUniform" or "heNormal"; zeros are for biases.',
        evidence: { spread, norm, threshold: EQUAL },
      }));
  },
};
