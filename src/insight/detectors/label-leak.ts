import { permutation } from '../../datasets/permutation.js';
import { sizeOf } from '../../shape.js';
import type { Detector } from '../detector.js';
import { percent } from '../finding.js';

/** Accuracy of one input alone, on samples that were not used to look. */
const ACCURACY = 0.995;
/** Without this many samples of each half nothing is said. */
const SAMPLES = 100;
const MOST_SAMPLES = 2000;
/** Values of an input are put into this many bins, equally full. */
const BINS = 32;

/** One input that alone tells the label: as a rule something that will not be known when it matters. */
export const labelLeak: Detector = {
  code: 'label-leak',
  source:
    'Kaufman et al. 2012, "Leakage in data mining" (https://doi.org/10.1145/2382577.2382579); threshold measured',
  detect({ train }) {
    if (train === undefined || train.y.shape.length > 0 || train.y.data instanceof Float32Array) return [];
    const rows = permutation(train.size, 0).subarray(0, 2 * MOST_SAMPLES);
    const [seen, held] = [rows.subarray(0, rows.length >> 1), rows.subarray(rows.length >> 1)];
    const labels = train.y.data;
    const majority = Math.max(...countsOf(Array.from(held, (row) => labels[row]!)).values()) / held.length;
    if (seen.length < SAMPLES || majority >= ACCURACY) return [];
    const { data, shape } = train.x;
    const size = sizeOf(shape);
    let best = { input: -1, accuracy: 0 };
    for (let input = 0; input < size; input++) {
      const inputOf = (row: number) => data[row * size + input]!;
      const accuracy = accuracyAlone(inputOf, (row) => labels[row]!, seen, held);
      if (accuracy > best.accuracy) best = { input, accuracy };
    }
    if (best.accuracy < ACCURACY) return [];
    return [
      {
        severity: 'warning',
        message: `input ${best.input} alone tells ${percent(best.accuracy)} of the labels`,
        advice:
          'Ask where this input comes from: if it is made from the label, or known only after it, remove it.',
        evidence: { ...best, threshold: ACCURACY },
      },
    ];
  },
};

/** Learns the most frequent label of each bin on one half of the samples, and scores it on the other. */
function accuracyAlone(
  inputOf: (row: number) => number,
  labelOf: (row: number) => number,
  seen: Uint32Array,
  held: Uint32Array,
): number {
  const edges = binEdges(Float64Array.from(seen, inputOf).sort());
  if (edges.length === 0) return 0;
  const binOf = (value: number) => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value < edges[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const labelsIn = Array.from({ length: edges.length + 1 }, (): number[] => []);
  for (const row of seen) labelsIn[binOf(inputOf(row))]!.push(labelOf(row));
  const guess = labelsIn.map((labels) => [...countsOf(labels)].sort((a, b) => b[1] - a[1])[0]?.[0]);
  const right = held.reduce((sum, row) => sum + Number(guess[binOf(inputOf(row))] === labelOf(row)), 0);
  return right / held.length;
}

/** Where bins begin: each value its own bin where there are few, else as many values in each. */
function binEdges(sorted: Float64Array): number[] {
  const values = [...new Set(sorted)];
  const candidates =
    values.length <= BINS
      ? values
      : Array.from({ length: BINS }, (_, i) => sorted[Math.floor((i * sorted.length) / BINS)]!);
  return [...new Set(candidates)].slice(1);
}

function countsOf(labels: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return counts;
}
