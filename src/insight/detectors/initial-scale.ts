import { chanceLoss, meanOf } from '../chance.js';
import { type Detector, isUntrained, type Symptom } from '../detector.js';
import { brief } from '../finding.js';

/** The loss before training in relation to the loss at chance. */
const LOSS = 3;
/** What becomes of the size of the inputs on their way through the hidden layers. */
const SIGNAL = 100;

/** Weights that start too large or too small; looked for before training only. */
export const initialScale: Detector = {
  code: 'initial-scale',
  source:
    'He et al. 2015, "Delving deep into rectifiers" (https://arxiv.org/abs/1502.01852): a signal of equal size in all layers; thresholds measured',
  explainedBy: ['input-scale', 'symmetric-weights'],
  detect(observation) {
    if (!isUntrained(observation)) return [];
    return [...largeLoss(observation), ...signal(observation)];
  },
};

const advice =
  'Use "heNormal" weights before relu, "glorotUniform" before anything else, or batchNormalization between the layers.';

function largeLoss({ statistics }: Parameters<Detector['detect']>[0]): Symptom[] {
  const chance = chanceLoss(statistics);
  const loss = meanOf(statistics.losses);
  const isClassifier = statistics.lossName.includes('Crossentropy');
  if (!isClassifier || chance === undefined || chance === 0 || loss <= LOSS * chance) return [];
  return [
    {
      severity: 'warning',
      message: `before any training the loss is ${brief(loss)}, where a model that knows nothing has ${brief(chance)}: the first weights are too large`,
      advice,
      evidence: { loss, chance, threshold: LOSS },
    },
  ];
}

function signal({ statistics }: Parameters<Detector['detect']>[0]): Symptom[] {
  const { layers, inputRms } = statistics;
  const input = Math.sqrt(inputRms.reduce((sum, rms) => sum + rms * rms, 0) / inputRms.length);
  const hidden = layers.slice(0, -1).filter(({ weights }) => weights.some(({ shape }) => shape.length > 1));
  const wrong = hidden.find(({ rms }) => rms > SIGNAL * input || rms < input / SIGNAL);
  if (wrong === undefined) return [];
  return [
    {
      severity: 'warning',
      layer: wrong.name,
      message: `the signal ${wrong.rms > input ? 'explodes' : 'fades'} on its way through the first weights: from ${brief(input)} to ${brief(wrong.rms)}`,
      advice,
      evidence: { input, output: wrong.rms, threshold: SIGNAL },
    },
  ];
}
