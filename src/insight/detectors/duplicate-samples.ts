import type { Column } from '../../datasets/column.js';
import { sizeOf } from '../../shape.js';
import type { Detector } from '../detector.js';
import { percent } from '../finding.js';

/** Share of held-out samples that were trained on. */
const WARNING = 0.01;
const ERROR = 0.1;

/** Samples of the validation or test set that are in the training set too: their score says nothing. */
export const duplicateSamples: Detector = {
  code: 'duplicate-samples',
  source:
    'Barz and Denzler 2020, "Do we train on test data?" (https://arxiv.org/abs/1902.00423): 3 and 10 % in CIFAR change rankings; none in MNIST (measured)',
  detect({ train, validation, test }) {
    if (train === undefined) return [];
    const parts = Object.entries({ validation, test }).filter(
      ([, part]) => part !== undefined && part.size > 0,
    );
    if (parts.length === 0) return [];
    const known = new Rows(train.x);
    return parts.flatMap(([name, part]) => {
      const rows = rowsOf(part!.x);
      const found = rows.filter((row) => known.has(row));
      const share = found.length / part!.size;
      if (share < WARNING) return [];
      return [
        {
          severity: share >= ERROR ? 'error' : 'warning',
          message: `${found.length} of ${part!.size} samples of the ${name} set (${percent(share)}) are in the training set as well`,
          advice:
            'Remove duplicates before splitting, and keep samples of one origin (person, day, original of an augmented image) in one part.',
          evidence: { part: name, duplicates: found.length, samples: part!.size, threshold: WARNING },
        },
      ];
    });
  },
};

function rowsOf({ data, shape }: Column): Uint8Array[] {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const size = sizeOf(shape) * data.BYTES_PER_ELEMENT;
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** A set of rows, by hash, and then by their bytes. */
class Rows {
  private readonly byHash = new Map<number, Uint8Array[]>();

  constructor(column: Column) {
    for (const row of rowsOf(column)) {
      const hash = hashOf(row);
      const same = this.byHash.get(hash);
      if (same === undefined) this.byHash.set(hash, [row]);
      else same.push(row);
    }
  }

  has(row: Uint8Array): boolean {
    return this.byHash.get(hashOf(row))?.some((known) => Buffer.compare(known, row) === 0) ?? false;
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  return hash >>> 0;
}
