import { CnnError } from '../../errors.js';
import { Bytes } from '../bytes.js';
import type { ModelDescription } from '../description.js';
import { readHdf5 } from '../hdf5/read.js';
import { writeHdf5 } from '../hdf5/write.js';
import { parseJson, writeJson } from '../json.js';
import { readZip, type ZipEntry } from '../zip/read.js';
import { writeZip } from '../zip/write.js';
import { readModelConfig, writeModelConfig } from './config.js';
import { mostBytes } from './most-bytes.js';
import { readWeights, writeWeights } from './weights.js';

/** The version of Keras whose format is written. */
const KERAS_VERSION = '3.15.1';
const METADATA = 'metadata.json';
const CONFIG = 'config.json';
const WEIGHTS = 'model.weights.h5';
const MAX_CONFIG = 16 * 2 ** 20;
const MAX_METADATA = 2 ** 16;

/**
 * Reads a `.keras` file. Runs nothing that is in it, opens no other file, and takes no memory on its word: values are
 * views of the bytes until they are asked for, and the shapes a config asks for are for the caller to hold against
 * theirs before anything of that size is made.
 *
 * @param file its name, for errors
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED, with `file`, and `layer` and `argument` or `offset`
 */
export function readKeras(bytes: Uint8Array, file: string, { compile = true } = {}): ModelDescription {
  const members = readZip(new Bytes(file, bytes));
  const stranger = [...members.keys()].find((name) => ![METADATA, CONFIG, WEIGHTS].includes(name));
  if (stranger !== undefined) {
    throw new CnnError('UNSUPPORTED', `${file} has a member that is not supported`, {
      file,
      expected: `${METADATA}, ${CONFIG}, ${WEIGHTS}`,
      received: JSON.stringify(stranger),
    });
  }
  parseJson(member(members, METADATA, file).read(MAX_METADATA));
  const configBytes = member(members, CONFIG, file).read(MAX_CONFIG);
  const config = readModelConfig(parseJson(configBytes), configBytes.file, compile);
  const weights = member(members, WEIGHTS, file);
  const weightBytes = weights.read(weights.isPacked ? mostBytes(config, file) : undefined);
  const values = readWeights(
    weightBytes.file,
    readHdf5(weightBytes),
    config.layers.map(({ className }) => className),
  );
  return {
    ...config,
    layers: config.layers.map((layer, i) => ({
      ...layer,
      inputShape: undefined,
      weights: values.layers[i]!,
    })),
    optimizerState: config.compile === undefined ? undefined : values.optimizer,
  };
}

/**
 * A model as a `.keras` file, in pieces.
 *
 * @param savedAt default: now
 * @throws CnnError UNSUPPORTED for what Keras's format cannot hold, with `layer` and `argument`
 */
export function writeKeras(model: ModelDescription, savedAt = new Date()): Iterable<Uint8Array> {
  const json = (value: unknown) => [new TextEncoder().encode(writeJson(value))];
  return writeZip([
    { name: METADATA, chunks: json({ keras_version: KERAS_VERSION, date_saved: dateOf(savedAt) }) },
    { name: CONFIG, chunks: json(writeModelConfig(model)) },
    { name: WEIGHTS, chunks: writeHdf5(writeWeights(model)) },
  ]);
}

function member(members: ReadonlyMap<string, ZipEntry>, name: string, file: string): ZipEntry {
  const found = members.get(name);
  if (found !== undefined) return found;
  throw new CnnError('FILE_CORRUPT', `${file} is no .keras file`, {
    file,
    expected: `a member ${name}`,
    received: [...members.keys()].join(', ') || 'no members',
  });
}

/** `2026-11-23@14:53:26`, as Keras writes it. */
function dateOf(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', '@');
}
