import type { Detector, Observation } from '../detector.js';
import { percent } from '../finding.js';

/** The most frequent class in relation to the rarest. */
const RATIO = 10;

/** Classes that the training data hardly shows. */
export const classImbalance: Detector = {
  code: 'class-imbalance',
  source:
    'Buda et al. 2018, "A systematic study of the class imbalance problem" (https://arxiv.org/abs/1710.05381): ratios of 10 and more, which lower scores',
  detect(observation) {
    const shares = classShares(observation);
    if (shares === undefined || shares.length < 2) return [];
    const rarest = shares.indexOf(Math.min(...shares));
    const commonest = shares.indexOf(Math.max(...shares));
    const [least, most] = [shares[rarest]!, shares[commonest]!];
    if (least * RATIO > most) return [];
    const name = (label: number) => observation.train?.classNames?.[label] ?? String(label);
    const absent =
      observation.train === undefined
        ? `is in none of ${observation.statistics.samples} samples`
        : 'never occurs';
    const rare = least === 0 ? absent : `is ${percent(least)} of the samples`;
    return [
      {
        severity: 'warning',
        message: `class "${name(rarest)}" ${rare}, class "${name(commonest)}" ${percent(most)}`,
        advice:
          'Show rare classes more often (oversampling worked best in the study), or give classWeight to fit; and judge by the recall of each class, not by accuracy.',
        evidence: { rarest: name(rarest), share: least, largestShare: most, threshold: RATIO },
      },
    ];
  },
};

/** The share of each class: of the data set where there is one, else of the sample; undefined without classes. */
function classShares({ train, statistics }: Observation): number[] | undefined {
  const { lossName, targetMeans } = statistics;
  if (!lossName.includes('Crossentropy')) return undefined;
  if (train !== undefined && train.y.shape.length === 0 && targetMeans.length > 1) {
    const counts = new Array<number>(targetMeans.length).fill(0);
    for (const label of train.y.data) counts[label]!++;
    return counts.map((count) => count / train.size);
  }
  if (targetMeans.length > 1) return lossName.startsWith('Binary') ? undefined : [...targetMeans];
  return [1 - targetMeans[0]!, targetMeans[0]!];
}
