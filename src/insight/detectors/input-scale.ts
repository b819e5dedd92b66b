import type { Detector } from '../detector.js';
import { brief } from '../finding.js';

/** The size of an input, as the root of its mean square. */
const LARGE = 10;
const SMALL = 0.01;
/** Layers that bring inputs to a scale themselves, or take no measurements. */
const OWN_SCALE = ['BatchNormalization', 'LayerNormalization', 'Normalization', 'Rescaling', 'Embedding'];

/** Inputs that are far larger or smaller than about 1. */
export const inputScale: Detector = {
  code: 'input-scale',
  source:
    'LeCun et al. 1998, "Efficient BackProp", section 4.3 (http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf): inputs of mean 0 and equal variance; thresholds measured',
  detect({ statistics: { layers, inputRms } }) {
    const first = layers.find(
      ({ className, weights }) => weights.length > 0 || OWN_SCALE.includes(className),
    );
    if (first !== undefined && OWN_SCALE.includes(first.className)) return [];
    const largest = inputRms.reduce((most, rms, i) => (rms > inputRms[most]! ? i : most), 0);
    const rms = inputRms[largest]!;
    if (rms <= LARGE && (rms >= SMALL || rms === 0)) return [];
    return [
      {
        severity: 'warning',
        message:
          rms > LARGE
            ? `input ${largest} is of size ${brief(rms)} (root of the mean square)`
            : `no input is larger than ${brief(rms)} (root of the mean square)`,
        advice:
          'Scale the inputs: bytes by 1/255, measurements to mean 0 and standard deviation 1; or begin with batchNormalization.',
        evidence: { rms, input: largest, threshold: rms > LARGE ? LARGE : SMALL },
      },
    ];
  },
};
