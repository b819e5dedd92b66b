// Whatever happens to a data file, reading it gives values or an error with a code, soon and in little memory.
// `CNN_CAMPAIGN=full npm test -- mutation` runs a million of each kind.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readCsv } from '../../src/datasets/csv.js';
import { readIdx } from '../../src/datasets/idx.js';
import { campaign, mutate } from '../mutation.js';
import { idxBytes } from './helpers.js';

/** In memory where there is such a place, since the campaigns write millions of files. */
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

describe('damaged data files', () => {
  const file = (name: string, bytes: Uint8Array) => {
    const place = path.join(folder, name);
    writeFileSync(place, bytes);
    return place;
  };

  it('IDX', (t) =>
    campaign(t, [3000, 1_000_000], async (random) => {
      await readIdx(file('images', mutate(random, random.pick([images, numbers]))));
    }));

  it('gzip', (t) => {
    const whole = [images, Buffer.alloc(20_000, 7)].map((bytes) => gzipSync(bytes));
    return campaign(t, [2000, 1_000_000], async (random) => {
      await readIdx(file('images.gz', mutate(random, random.pick(whole))));
    });
  });

  it('IDX within gzip', (t) =>
    campaign(t, [2000, 1_000_000], async (random) => {
      await readIdx(file('damaged.gz', gzipSync(mutate(random, images), { level: 1 })));
    }));

  it('CSV', (t) =>
    campaign(t, [3000, 1_000_000], async (random) => {
      await readCsv(file('images.csv', mutate(random, csv)), { pixels: PIXELS });
    }));
});
