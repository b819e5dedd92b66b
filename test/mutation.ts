// Campaigns of damaged input: whatever comes, reading it gives a value or an error with a code, soon and in little memory.
import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { CnnError } from '../src/errors.js';
import { campaignSize } from './datasets/helpers.js';
import { peakMemory, resetPeak, restingMemory } from './memory.js';
import { Random } from './oracle/saving/specs.js';

/** Bytes that reading may take beside what the files hold. */
export const MEMORY = 64 * 2 ** 20;
/** Of the processor, for one case. */
const SECONDS = 2;
/** The cases after which memory is measured first: compiled code is not the files' doing. */
const WARM_UP = 1000;
/** What cases have left is collected so often: when the engine would do it is not the files' doing either. */
const COLLECT_EVERY = 1000;
/** Bytes that mean something in these formats. */
const TELLING = [0, 1, 2, 4, 7, 8, 16, 32, 127, 128, 254, 255, ...Buffer.from('{}[]",:-\\uPKTSH/.')];

/** Bytes with some of them changed, moved, taken out or put in. */
export function mutate(random: Random, original: Uint8Array): Buffer {
  let bytes = Buffer.from(original);
  for (let i = random.whole(1, 4); i > 0; i--) {
    const at = random.whole(0, bytes.length - 1);
    const length = random.whole(1, Math.min(16, bytes.length - at));
    const other = random.whole(0, bytes.length - length);
    random.pick([
      () => bytes.writeUInt8(random.pick(TELLING), at),
      () => bytes.writeUInt8(random.whole(0, 255), at),
      () => bytes.writeUInt8(bytes[at]! ^ (1 << random.whole(0, 7)), at),
      () => bytes.fill(random.pick([0, 255]), at, at + length),
      () => bytes.copy(bytes, at, other, other + length),
      () => {
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
      },
      () => {
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          bytes.subarray(other, other + length),
          bytes.subarray(at),
        ]);
      },
    ])();
    if (bytes.length === 0) return bytes;
  }
  return bytes;
}

/**
 * Runs many cases, each with random numbers of its own: `npm test` a sample of them, `CNN_CAMPAIGN=full` all. A failure
 * says which case it was, so that it can be run again.
 *
 * Memory is what the process takes at its peak above what it had at rest, after some cases: no case may take much, nor
 * may anything stay of them.
 */
export async function campaign(
  test: TestContext,
  [sample, full]: readonly [sample: number, full: number],
  run: (random: Random) => void | Promise<void>,
): Promise<void> {
  const size = campaignSize(sample, full);
  const warmUp = Math.min(WARM_UP, size / 2);
  const began = process.cpuUsage();
  let [rest, peak] = [0, 0];
  let errors = 0;
  let slowest = 0;
  for (let seed = 0; seed < size; seed++) {
    if (seed === warmUp) [rest, peak] = [restingMemory(), resetPeak()];
    else if (seed % COLLECT_EVERY === 0) restingMemory();
    const start = process.cpuUsage();
    try {
      const running = run(new Random(seed));
      if (running !== undefined) await running;
    } catch (error) {
      errors++;
      if (!(error instanceof CnnError)) assert.fail(`case ${seed}: ${(error as Error).stack}`);
    }
    const { user, system } = process.cpuUsage(start);
    slowest = Math.max(slowest, (user + system) / 1000);
  }
  const taken = peakMemory() - peak;
  const grown = restingMemory() - rest;
  const { user, system } = process.cpuUsage(began);
  const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  test.diagnostic(
    [
      `${size} cases, ${errors} refused, ${((user + system) / 1e6).toFixed(0)} s of the processor`,
      `one case at most ${slowest.toFixed(0)} ms; ${mebibytes(taken)} more at the peak, ${mebibytes(grown)} at rest`,
    ].join('; '),
  );
  assert.ok(slowest < SECONDS * 1000, `one takes ${slowest} ms`);
  assert.ok(taken < MEMORY, `${taken} bytes at the peak`);
  assert.ok(grown < MEMORY, `${grown} bytes stay`);
  // Else the campaign would not be about damage.
  assert.ok(errors > size / 10, `${errors} of ${size} refused`);
}
