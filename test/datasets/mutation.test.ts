// Whatever happens to a data file, reading it gives values or an error with a code, soon and in little memory.
// `CNN_CAMPAIGN=full npm test -- mutation` runs a million of each kind.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type ByteSource, uncompressed } from '../../src/datasets/bytes.js';
import { readCsv } from '../../src/datasets/csv.js';
import { parseIdx, readIdx } from '../../src/datasets/idx.js';
import { campaign, mutate } from '../mutation.js';
import type { Random } from '../oracle/saving/specs.js';
import { idxBytes } from './helpers.js';

/** In memory where there is such a place, since a campaign writes a million files. */
const folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cnn-mutation-'));
after(() => rmSync(folder, { recursive: true }));

const PIXELS = 6;
const images = idxBytes(
  0x08,
  [5, 2, 3],
  Uint8Array.from({ length: 30 }, (_, i) => i * 8),
);
const numbers = idxBytes(0x0d, [2, 3], new Uint8Array(24).fill(65));
const csv = Buffer.from(
  ['label,p0,p1,p2,p3,p4,p5', '7,0,255,12,3,4,5', '1,0,0,0,0,9,99', '0,1,2,3,4,5,6', ''].join('\n'),
);

/** The bytes of a file, in two pieces. */
function source(random: Random, bytes: Buffer): ByteSource {
  async function* pieces() {
    const cut = random.whole(0, bytes.length);
    yield bytes.subarray(0, cut);
    yield bytes.subarray(cut);
  }
  return uncompressed('a file', bytes.length, pieces());
}

describe('damaged data files', () => {
  it('IDX', (t) =>
    campaign(t, [3000, 1_000_000], async (random) => {
      await parseIdx(source(random, mutate(random, random.pick([images, numbers]))));
    }));

  it('CSV', (t) =>
    campaign(t, [3000, 1_000_000], async (random) => {
      await readCsv(mutate(random, csv), { pixels: PIXELS });
    }));

  it('gzip, damaged itself or within', (t) => {
    const whole = [images, Buffer.alloc(20_000, 7)].map((bytes) => gzipSync(bytes));
    const file = path.join(folder, 'images.gz');
    return campaign(t, [3000, 1_000_000], async (random) => {
      const bytes = random.chance(0.5)
        ? mutate(random, random.pick(whole))
        : gzipSync(mutate(random, images), { level: 1 });
      writeFileSync(file, bytes);
      await readIdx(file);
    });
  });
});
