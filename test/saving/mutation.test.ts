// Whatever happens to a file, reading it gives a value or an error with a code, soon and in little memory.
// `CNN_CAMPAIGN=full npm test -- mutation` runs a million of each kind.
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { unzipSync } from 'fflate';
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
import { campaign, MEMORY, mutate } from '../mutation.js';
import { archive, goodConfig, MEMBERS, madeHdf5 } from './hostile/good.js';
import { mutateJson } from './mutate-json.js';

describe('damaged files', () => {
  before(() => ready());

  const whole = archive();
  const hdf5 = [MEMBERS['model.weights.h5'], madeHdf5().right!];

  it('zip', (t) => {
    return campaign(t, [5000, 1_000_000], (random) => {
      for (const entry of readZip(new Bytes('x', mutate(random, whole))).values()) entry.read(MEMORY);
    });
  });

  it('HDF5', (t) => {
    return campaign(t, [5000, 1_000_000], (random) => {
      readHdf5(new Bytes('x', mutate(random, random.pick(hdf5))));
    });
  });

  it('HDF5 weights of Keras 2', (t) => {
    const files = unzipSync(readFileSync('test/saving/fixtures/h5-weights.zip'));
    const layers = ['Conv2D', 'BatchNormalization', 'Flatten', 'Dropout', 'Dense', 'Dense'].map(
      (className, i) => ({
        className,
        weightCount: [2, 4, 0, 0, 2, 2][i]!,
      }),
    );
    const originals = [files['keras2.h5']!, files['keras3-legacy.h5']!];
    return campaign(t, [2000, 1_000_000], (random) => {
      for (const layer of readH5Weights(mutate(random, random.pick(originals)), 'x', layers)) {
        for (const value of layer) value.values;
      }
    });
  });

  it('safetensors', (t) => {
    const original = readFileSync('test/saving/fixtures/numpy.safetensors');
    return campaign(t, [5000, 1_000_000], (random) => {
      readSafetensors(mutate(random, original), 'x');
    });
  });

  it('JSON, as bytes', (t) => {
    return campaign(t, [5000, 1_000_000], (random) => {
      readModelConfig(parseJson(new Bytes('x', mutate(random, MEMBERS['config.json']))), 'x', true);
    });
  });

  it('JSON, by its values', (t) => {
    const config = goodConfig();
    return campaign(t, [5000, 1_000_000], (random) => {
      readModelConfig(mutateJson(random, config), 'x', true);
    });
  });

  it('models whose config or weights are damaged', (t) => {
    const config = goodConfig();
    return campaign(t, [500, 100_000], (random) => {
      const changes: Record<string, Uint8Array | string> = random.chance(0.5)
        ? { 'config.json': JSON.stringify(mutateJson(random, config)) }
        : { 'model.weights.h5': mutate(random, random.pick(hdf5)) };
      const layers = restoreLayers(readKeras(archive(changes), 'x', { compile: false }), 'x');
      for (const layer of layers) layer.dispose();
    });
  });
});
