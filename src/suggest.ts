import { CnnError } from './errors.js';

/** Number of single-character edits (insert, delete, replace, swap of neighbours) between two words. */
function editDistance(a: string, b: string): number {
  const rows: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      if (i === 0) {
        row.push(j);
        continue;
      }
      const replace = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, rows[i - 1]![j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The known name nearest to what was typed, or undefined where nothing is near (Commander's rule: 40 % alike). */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = 4;
  for (const name of known) {
    const distance = editDistance(word.toLowerCase(), name.toLowerCase());
    const similarity = 1 - distance / Math.max(word.length, name.length);
    if (distance < bestDistance && similarity > 0.4) {
      best = name;
      bestDistance = distance;
    }
  }
  return best;
}

/** The error for a name that a table does not hold: `unknown activation "rleu"; did you mean "relu"?` */
export function unknownName(kind: string, word: string, known: Iterable<string>): CnnError {
  const names = [...known];
  const suggestion = nearest(word, names);
  return new CnnError('UNKNOWN_NAME', `unknown ${kind} "${word}"`, {
    kind,
    received: undefined,
    hint: suggestion === undefined ? `Known: ${names.join(', ')}.` : `Did you mean "${suggestion}"?`,
  });
}
