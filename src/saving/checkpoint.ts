import { createHash } from 'node:crypto';
import { CnnError } from '../errors.js';
import { anyObject, checkKind } from '../json-kind.js';
import { replaceFile } from '../replace-file.js';
import { HostArray } from '../runtime/host-array.js';
import { Bytes } from './bytes.js';
import { parseJson } from './json.js';
import { readFile } from './read-file.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

/** Named arrays and a state in plain JSON: what a checkpoint file holds. */
export interface Checkpoint {
  readonly tensors: ReadonlyMap<string, HostArray>;
  readonly state: Readonly<Record<string, unknown>>;
}

const FORMAT = 'cnn-node training checkpoint';
const VERSION = '1';
/** The state's place among the tensors: its JSON in UTF-8. */
const STATE = 'state.json';
/** Enough for the history of a million epochs. */
const MAX_STATE_VALUES = 5_000_000;

/**
 * Writes a checkpoint: one safetensors file, which carries the state as bytes and a SHA-256 of everything. Whatever
 * happens meanwhile, the file is the old one or the new one, whole.
 *
 * @throws CnnError WRITE_FAILED
 */
export async function writeCheckpoint(file: string, { tensors, state }: Checkpoint): Promise<void> {
  const json = new TextEncoder().encode(JSON.stringify(state, encodeNumber));
  const all = new Map([...tensors, [STATE, new HostArray([json.length], json)]]);
  const metadata = { format: FORMAT, version: VERSION, sha256: digestOf(all) };
  await replaceFile(file, writeSafetensors({ tensors: all, metadata }));
}

/**
 * Reads a checkpoint.
 *
 * @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE; FILE_CORRUPT for any byte that is not as it was written;
 *   UNSUPPORTED for another version
 */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const { tensors: all, metadata } = readSafetensors(await readFile(file), file);
  const problem = (what: string, expected: string, received = 'none') =>
    new CnnError(what === 'version' ? 'UNSUPPORTED' : 'FILE_CORRUPT', `${file}: another ${what}`, {
      file,
      expected,
      received,
      hint: 'Weights alone: make the model, then await model.loadWeights(file).',
    });
  if (metadata.format !== FORMAT) throw problem('format', FORMAT, metadata.format);
  if (metadata.version !== VERSION) throw problem('version', VERSION, metadata.version);
  const digest = digestOf(all);
  if (metadata.sha256 !== digest) throw problem('SHA-256', String(metadata.sha256), digest);
  const tensors = new Map(all);
  tensors.delete(STATE);
  return { tensors, state: parseState(all.get(STATE), file) };
}

function parseState(bytes: HostArray | undefined, file: string): Record<string, unknown> {
  const name = `${file}: its state`;
  const data = bytes?.data instanceof Uint8Array ? bytes.data : new Uint8Array();
  const json = parseJson(new Bytes(name, data), MAX_STATE_VALUES);
  return checkKind(name, decodeNumbers(json), anyObject);
}

function digestOf(tensors: ReadonlyMap<string, HostArray>): string {
  const hash = createHash('sha256');
  for (const [name, { shape, data }] of tensors) {
    hash.update(JSON.stringify([name, data.constructor.name, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
}

/** JSON has no NaN, no infinities and no -0; a state that is to be equal bit for bit may. */
function encodeNumber(_key: string, value: unknown): unknown {
  if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
  return { $number: Object.is(value, -0) ? '-0' : String(value) };
}

/** In place. */
function decodeNumbers(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const number = (value as { $number?: unknown }).$number;
  if (typeof number === 'string') return Number(number);
  const members = value as Record<string, unknown>;
  for (const [name, member] of Object.entries(members)) members[name] = decodeNumbers(member);
  return value;
}
