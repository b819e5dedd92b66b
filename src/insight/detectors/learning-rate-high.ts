import { chanceLoss, meanOf } from '../chance.js';
import { type Detector, isWarm, type Observation, type Symptom } from '../detector.js';
import { brief, percent } from '../finding.js';
import { layerGradients } from '../layer-gradients.js';

/** The loss of a batch after an update by its own gradient, in relation to before. */
const AFTER_UPDATE = 1.2;
/** How much that is at least, in relation to the loss at chance: close to its goal a network goes to and fro. */
const RISE = 0.1;
/** The loss after warm-up in relation to the loss at chance, with updates of this part of the weights. */
const LEVEL = 1.2;
const UPDATE = 0.01;

const advice = 'Divide the learning rate by 10, or find one with findLearningRate (cnn train --find-lr).';

/** Steps so long that each makes the loss worse of the very samples it was made for, or that all together have. */
export const learningRateHigh: Detector = {
  code: 'learning-rate-high',
  source:
    'LeCun et al. 1998, "Efficient BackProp", section 5 (http://yann.lecun.com/exdb/publis/pdf/lecun-98b.pdf): beyond twice the best rate a step leads uphill; thresholds measured',
  explainedBy: ['input-scale', 'exploding-gradients'],
  detect: (observation) => [...uphill(observation), ...worseThanChance(observation)].slice(0, 1),
};

function uphill({ statistics }: Observation): Symptom[] {
  const { losses, lossesAfterUpdate } = statistics;
  const rise = RISE * (chanceLoss(statistics) ?? 0);
  const worse = losses.filter((loss, i) => {
    const after = lossesAfterUpdate[i]!;
    return !(after <= AFTER_UPDATE * loss) && !(after - loss <= rise);
  }).length;
  if (worse <= losses.length / 2) return [];
  const [before, after] = [meanOf(losses), meanOf(lossesAfterUpdate)];
  return [
    {
      severity: 'warning',
      message: `the learning rate is too high: one update raises the loss of its own batch from ${brief(before)} to ${brief(after)} (in ${percent(worse / losses.length)} of the batches)`,
      advice,
      evidence: { before, after, threshold: AFTER_UPDATE },
    },
  ];
}

function worseThanChance(observation: Observation): Symptom[] {
  const { statistics } = observation;
  const chance = chanceLoss(statistics);
  const loss = meanOf(statistics.scoringLosses);
  const update = Math.max(...layerGradients(statistics).map((layer) => layer.update));
  const isWorse = chance !== undefined && chance > 0 && isWarm(observation) && loss > LEVEL * chance;
  if (!isWorse || !(update > UPDATE)) return [];
  return [
    {
      severity: 'warning',
      message: `the learning rate is too high: after training the loss is ${brief(loss)}, more than that of always giving the same answer (${brief(chance)}), and an update still changes ${percent(update)} of a layer's weights`,
      advice,
      evidence: { loss, chance, update, threshold: LEVEL },
    },
  ];
}
