import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../../errors.js';
import { Bytes } from '../../saving/bytes.js';
import { readFile } from '../../saving/read-file.js';
import { lastFields, readFields } from './read-message.js';
import { records, type Span } from './record.js';

/** A point of a curve. */
export interface ScalarPoint {
  /** The epoch or the step, as the writer counts. */
  readonly step: number;
  /** What was measured. */
  readonly value: number;
  /** When: seconds since 1970. */
  readonly wallTime: number;
}

/** Curves by their tag, each in the order of its steps. */
export type Scalars = ReadonlyMap<string, readonly ScalarPoint[]>;

/**
 * Reads the curves in event files, as {@link EventFile}, Keras, TensorFlow and PyTorch write them; everything else in
 * these files is passed over. A step that comes twice counts as it came last. Files may be under way: a last event that
 * is not all there is left out.
 *
 * @param place an event file, or a folder of them, which are one run
 * @throws CnnError FILE_NOT_FOUND, FILE_UNREADABLE; FILE_CORRUPT with `file` and `offset`
 * @example
 * const events = await report.EventFile.create('runs/other');
 * events.scalar('loss', 0.25, 0);
 * await events.flush();
 * const curves = await report.readScalars('runs/other');
 * curves.get('loss')[0].value; // 0.25
 */
export async function readScalars(place: string): Promise<Scalars> {
  const files = await eventFiles(place);
  return scalarsIn(await Promise.all(files.map(async (file) => new Bytes(file, await readFile(file)))));
}

/** The curves in event files of one run. @throws CnnError FILE_CORRUPT */
export function scalarsIn(files: readonly Bytes[]): Scalars {
  const curves: Curves = new Map();
  for (const bytes of files) addScalars(bytes, curves);
  const inOrder = (points: ReadonlyMap<number, ScalarPoint>) =>
    [...points.values()].sort((a, b) => a.step - b.step);
  return new Map([...curves].map(([tag, points]) => [tag, inOrder(points)]));
}

type Curves = Map<string, Map<number, ScalarPoint>>;

async function eventFiles(place: string): Promise<string[]> {
  const isFolder = await stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) return [place];
  const names = await readdir(place).catch((cause) => {
    throw new CnnError('FILE_UNREADABLE', `cannot read ${place} (${cause.message})`, { file: place, cause });
  });
  const files = names.filter((name) => name.includes('tfevents'));
  if (files.length > 0) return files.sort().map((name) => path.join(place, name));
  throw new CnnError('FILE_NOT_FOUND', `there are no event files in ${place}`, {
    file: place,
    hint: 'They are in the folders train and validation of a run.',
  });
}

/** Numbers of fields in event.proto, summary.proto and tensor.proto. */
const Event = { wallTime: 1, step: 2, summary: 5 } as const;
const SUMMARY_VALUE = 1;
const Value = { tag: 1, simpleValue: 2, tensor: 8, metadata: 9 } as const;
const PLUGIN_DATA = 1;
const PLUGIN_NAME = 1;
const Tensor = { dtype: 1, shape: 2, content: 4, floats: 5, doubles: 6 } as const;
const SHAPE_SIZE = 2;
const DT_FLOAT = 1;
const DT_DOUBLE = 2;

function addScalars(bytes: Bytes, curves: Curves): void {
  for (const event of records(bytes)) {
    const fields = lastFields(bytes, event);
    const step = numberOf(fields.get(Event.step)) ?? 0;
    const wallTime = numberOf(fields.get(Event.wallTime)) ?? 0;
    const summary = fields.get(Event.summary);
    if (typeof summary !== 'object') continue;
    for (const { number, value } of readFields(bytes, summary)) {
      if (number !== SUMMARY_VALUE || typeof value !== 'object') continue;
      const scalar = readScalar(bytes, value);
      if (scalar === undefined) continue;
      const points = curves.get(scalar.tag) ?? new Map<number, ScalarPoint>();
      curves.set(scalar.tag, points.set(step, { step, value: scalar.value, wallTime }));
    }
  }
}

/** The number that a value of a summary is; undefined for other values. */
function readScalar(bytes: Bytes, message: Span): { tag: string; value: number } | undefined {
  const fields = lastFields(bytes, message);
  const [tag, tensor, metadata] = [Value.tag, Value.tensor, Value.metadata].map((field) =>
    spanOf(fields.get(field)),
  );
  if (metadata !== undefined && pluginOf(bytes, metadata) !== 'scalars') return undefined;
  const value = tensor === undefined ? numberOf(fields.get(Value.simpleValue)) : readTensor(bytes, tensor);
  return value === undefined || tag === undefined ? undefined : { tag: textOf(bytes, tag), value };
}

function pluginOf(bytes: Bytes, metadata: Span): string | undefined {
  const data = spanOf(lastFields(bytes, metadata).get(PLUGIN_DATA));
  const name = data && spanOf(lastFields(bytes, data).get(PLUGIN_NAME));
  // Keras's own curves of plain numbers name no plugin.
  return name === undefined ? 'scalars' : textOf(bytes, name);
}

/** The number in a tensor that is one number. */
function readTensor(bytes: Bytes, message: Span): number | undefined {
  const fields = lastFields(bytes, message);
  const shape = spanOf(fields.get(Tensor.shape));
  if (shape !== undefined) {
    for (const { number } of readFields(bytes, shape)) if (number === SHAPE_SIZE) return undefined;
  }
  const dtype = fields.get(Tensor.dtype);
  if (dtype !== DT_FLOAT && dtype !== DT_DOUBLE) return undefined;
  const stored =
    fields.get(Tensor.content) ?? fields.get(dtype === DT_FLOAT ? Tensor.floats : Tensor.doubles);
  // A number that is 0 need not be there.
  if (stored === undefined) return 0;
  if (typeof stored === 'number') return stored;
  const { start, end } = stored;
  if (dtype === DT_FLOAT) return end - start === 4 ? bytes.f32(start) : undefined;
  return end - start === 8 ? bytes.f64(start) : undefined;
}

function numberOf(value: number | Span | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function spanOf(value: number | Span | undefined): Span | undefined {
  return typeof value === 'object' ? value : undefined;
}

function textOf(bytes: Bytes, { start, end }: Span): string {
  return bytes.text(start, end - start);
}
