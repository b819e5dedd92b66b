/** How well one class is told from the others. */
export interface ClassScore {
  /** Share of what was taken for this class that is of it; 0 where nothing was. */
  readonly precision: number;
  /** Share of this class that was taken for it; 0 where there is none of it. */
  readonly recall: number;
  /** Harmonic mean of both. */
  readonly f1: number;
  /** Number of samples of the class. */
  readonly support: number;
}

/**
 * Precision, recall and F1 of each class (van Rijsbergen, Information Retrieval, 1979; as scikit-learn's
 * classification_report).
 *
 * @param matrix a confusion matrix: rows are true classes, columns what they were taken for
 */
export function classScores(matrix: readonly (readonly number[])[]): ClassScore[] {
  return matrix.map((row, i) => {
    const hits = row[i]!;
    const support = sum(row);
    const taken = sum(matrix.map((each) => each[i]!));
    const [precision, recall] = [share(hits, taken), share(hits, support)];
    return { precision, recall, f1: share(2 * precision * recall, precision + recall), support };
  });
}

/** The scores as a table, with their means below. */
export function printScores(scores: readonly ClassScore[], names: readonly string[]): string[] {
  const margin = Math.max(...names.map((name) => name.length), 'mean'.length) + 2;
  const line = (name: string, { precision, recall, f1, support }: ClassScore) =>
    name.padEnd(margin) +
    [precision, recall, f1].map((value) => value.toFixed(4).padStart(11)).join('') +
    String(support).padStart(10);
  const mean = (key: keyof ClassScore) => sum(scores.map((score) => score[key])) / scores.length;
  const all = {
    precision: mean('precision'),
    recall: mean('recall'),
    f1: mean('f1'),
    support: sum(scores.map(({ support }) => support)),
  };
  return [
    `${''.padEnd(margin)}${['precision', 'recall', 'f1'].map((word) => word.padStart(11)).join('')}${'samples'.padStart(10)}`,
    ...scores.map((score, i) => line(names[i]!, score)),
    line('mean', all),
  ];
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
