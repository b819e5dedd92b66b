// Whatever happens to a file, reading it gives a value or an error with a code, soon and in little memory.
// `CNN_CAMPAIGN=full npm test -- mutation` runs a million of each kind.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { unzipSync } from 'fflate';
import { CnnError } from '../../src/errors.js';
import { ready } from '../../src/runtime/backend.js';
import { Bytes } from '../../src/saving/bytes.js';
import { readHdf5 } from '../../src/saving/hdf5/read.js';
import { parseJson } from '../../src/saving/json.js';
import { readKeras } from '../../src/saving/keras/archive.js';
import { readModelConfig } from '../../src/saving/keras/config.js';
import { readH5Weights } from '../../src/saving/keras/h5-weights.js';
import { restoreLayers } from '../../src/saving/restore.js';
import { readSafetensors } from '../../src/saving/safetensors.js';
import { readZip } from '../../src/saving/zip/read.js';
import { campaignSize } from '../datasets/helpers.js';
import { Random } from '../oracle/saving/specs.js';
import { archive, goodConfig, type Json, MEMBERS, madeHdf5 } from './hostile/good.js';

const MEMORY = 64 * 2 ** 20;
const SECONDS = 2;
/** Bytes that mean something in these formats. */
const TELLING = [0, 1, 2, 4, 7, 8, 16, 32, 127, 128, 254, 255, ...Buffer.from('{}[]",:-\\uPKTSH/.')];

/** Bytes with some of them changed, moved, taken out or put in. */
function mutate(random: Random, original: Uint8Array): Uint8Array {
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

const STRANGE: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 31,
  1e308,
  '',
  'relu',
  '__proto__',
  [],
  [null],
  [[]],
  {},
  { module: 'os', class_name: 'system', config: {} },
  { module: 'keras.layers', class_name: 'Dense', config: { units: 3 } },
];

/** JSON with some of its values replaced, taken out, doubled, or under another name. */
function mutateJson(random: Random, original: Json): Json {
  const value = structuredClone(original);
  for (let i = random.whole(1, 3); i > 0; i--) {
    const holders: Json[] = [];
    collect(value, holders);
    const holder = random.pick(holders);
    const keys = Object.keys(holder);
    if (keys.length === 0) continue;
    const key = random.pick(keys);
    random.pick([
      () => define(holder, key, structuredClone(random.pick(STRANGE))),
      () => delete holder[key],
      () => define(holder, random.pick(['units', 'name', 'seed', '__proto__', 'class_name']), holder[key]),
      () => define(holder, key, structuredClone(random.pick(holders))),
    ])();
  }
  return value;
}

function define(holder: Json, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function collect(value: Json, holders: Json[]): void {
  if (typeof value !== 'object' || value === null) return;
  holders.push(value);
  for (const child of Object.values(value)) collect(child, holders);
}

/** Runs many cases; a failure says which, so that it can be run again. */
function campaign(size: number, run: (random: Random) => void): void {
  let peak = 0;
  const rss = process.memoryUsage().rss;
  let errors = 0;
  for (let seed = 0; seed < size; seed++) {
    const began = performance.now();
    try {
      run(new Random(seed));
    } catch (error) {
      errors++;
      if (!(error instanceof CnnError)) assert.fail(`case ${seed}: ${(error as Error).stack}`);
    }
    assert.ok(performance.now() - began < SECONDS * 1000, `case ${seed} takes long`);
    if (seed % 1000 === 0) peak = Math.max(peak, process.memoryUsage().rss - rss);
  }
  assert.ok(peak < 2 * MEMORY, `${peak} bytes`);
  // Else the campaign would not be about damage.
  assert.ok(errors > size / 10, `${errors} of ${size} refused`);
}

describe('damaged files', () => {
  before(() => ready());

  const whole = archive();
  const hdf5 = [MEMBERS['model.weights.h5'], madeHdf5().right!];

  it('zip', () => {
    campaign(campaignSize(5000, 1_000_000), (random) => {
      for (const entry of readZip(new Bytes('x', mutate(random, whole))).values()) entry.read(MEMORY);
    });
  });

  it('HDF5', () => {
    campaign(campaignSize(5000, 1_000_000), (random) => {
      readHdf5(new Bytes('x', mutate(random, random.pick(hdf5))));
    });
  });

  it('HDF5 weights of Keras 2', () => {
    const files = unzipSync(readFileSync('test/saving/fixtures/h5-weights.zip'));
    const layers = ['Conv2D', 'BatchNormalization', 'Flatten', 'Dropout', 'Dense', 'Dense'].map(
      (className, i) => ({
        className,
        weightCount: [2, 4, 0, 0, 2, 2][i]!,
      }),
    );
    const originals = [files['keras2.h5']!, files['keras3-legacy.h5']!];
    campaign(campaignSize(2000, 1_000_000), (random) => {
      for (const layer of readH5Weights(mutate(random, random.pick(originals)), 'x', layers)) {
        for (const value of layer) value.values;
      }
    });
  });

  it('safetensors', () => {
    const original = readFileSync('test/saving/fixtures/numpy.safetensors');
    campaign(campaignSize(5000, 1_000_000), (random) => {
      readSafetensors(mutate(random, original), 'x');
    });
  });

  it('JSON, as bytes', () => {
    campaign(campaignSize(5000, 1_000_000), (random) => {
      readModelConfig(parseJson(new Bytes('x', mutate(random, MEMBERS['config.json']))), 'x', true);
    });
  });

  it('JSON, by its values', () => {
    const config = goodConfig();
    campaign(campaignSize(5000, 1_000_000), (random) => {
      readModelConfig(mutateJson(random, config), 'x', true);
    });
  });

  it('models whose config or weights are damaged', () => {
    const config = goodConfig();
    campaign(campaignSize(500, 100_000), (random) => {
      const changes: Record<string, Uint8Array | string> = random.chance(0.5)
        ? { 'config.json': JSON.stringify(mutateJson(random, config)) }
        : { 'model.weights.h5': mutate(random, random.pick(hdf5)) };
      const layers = restoreLayers(readKeras(archive(changes), 'x', { compile: false }), 'x');
      for (const layer of layers) layer.dispose();
    });
  });
});
