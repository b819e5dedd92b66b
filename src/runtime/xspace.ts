import { fields, text } from './wire.js';

/** Something that a thread did, on the clock of `performance.now()`, in milliseconds. */
export interface NativeEvent {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** The shapes of an op's inputs: `(float[128,784];float[784,512])`. */
  readonly shapes?: string;
  /** Names work that the event hands on to another thread. */
  readonly gives?: string;
  /** Names the work, handed on by another thread, that begins here. */
  readonly takes?: string;
}

/** A thread of TensorFlow's, or one of the program's that called it. */
export interface NativeThread {
  readonly name: string;
  /** In the order in which they began; what began at the same time, the longest first. */
  readonly events: readonly NativeEvent[];
}

type Message = ReadonlyMap<number, bigint | Uint8Array>;

/**
 * Reads an encoded XSpace, what TensorFlow's profiler gives: planes 1 { name 2, lines 3, event_metadata 4,
 * stat_metadata 5, stats 6 }.
 *
 * @param toPerformanceClock what has to be taken from milliseconds since 1970
 */
export function readThreads(space: Uint8Array, toPerformanceClock: number): NativeThread[] {
  const planes = [...fields(space)].filter(({ number }) => number === 1).map(({ value }) => plane(value));
  const environment = planes.find(({ name }) => name === 'Task Environment');
  const began = Number(environment?.stats.get('profile_start_time') ?? 0) / 1e6 - toPerformanceClock;
  return planes.flatMap(({ lines, names, statNames }) =>
    lines.map((bytes) => readLine(bytes, names, statNames, began)),
  );
}

function plane(value: bigint | Uint8Array) {
  const all = [...fields(value as Uint8Array)];
  const of = (number: number) =>
    all.filter((field) => field.number === number).map(({ value }) => value as Uint8Array);
  const statNames = named(of(5));
  return {
    name: text(all.find(({ number }) => number === 2)?.value ?? 0n),
    lines: of(3),
    names: named(of(4)),
    statNames,
    stats: readStats(of(6), statNames),
  };
}

/** A map's entries { key 1, value 2 { name 2 } }. */
function named(entries: readonly Uint8Array[]): Map<bigint, string> {
  return new Map(
    entries.map((entry) => {
      const { key, value } = { key: message(entry).get(1), value: message(entry).get(2) };
      return [(key ?? 0n) as bigint, text(message(value as Uint8Array).get(2) ?? 0n)];
    }),
  );
}

/** XLine: name 2, timestamp_ns 3, events 4 { metadata_id 1, offset_ps 2, duration_ps 3, stats 4 }. */
function readLine(
  bytes: Uint8Array,
  names: ReadonlyMap<bigint, string>,
  statNames: ReadonlyMap<bigint, string>,
  began: number,
): NativeThread {
  let name = '';
  let base = began;
  const encoded: Uint8Array[] = [];
  for (const { number, value } of fields(bytes)) {
    if (number === 2) name = text(value);
    else if (number === 3) base = began + Number(value) / 1e6;
    else if (number === 4) encoded.push(value as Uint8Array);
  }
  const events = encoded.map((event) => {
    let [id, offset, duration] = [0n, 0n, 0n];
    const stats: Uint8Array[] = [];
    for (const { number, value } of fields(event)) {
      if (number === 1) id = value as bigint;
      else if (number === 2) offset = value as bigint;
      else if (number === 3) duration = value as bigint;
      else if (number === 4) stats.push(value as Uint8Array);
    }
    const start = base + Number(offset) / 1e9;
    const known = readStats(stats, statNames);
    return {
      name: names.get(id) ?? '',
      start,
      end: start + Number(duration) / 1e9,
      shapes: known.get('shape'),
      gives: handedOn(known, '_pt', '_p'),
      takes: handedOn(known, '_ct', '_c'),
    };
  });
  events.sort((a, b) => a.start - b.start || b.end - a.end);
  return { name, events };
}

function handedOn(stats: ReadonlyMap<string, string>, type: string, id: string): string | undefined {
  return stats.has(id) ? `${stats.get(type)}:${stats.get(id)}` : undefined;
}

/** XStat: metadata_id 1, numbers 3 and 4, text 5, or the id of a name that is its text 7. */
function readStats(encoded: readonly Uint8Array[], names: ReadonlyMap<bigint, string>): Map<string, string> {
  return new Map(
    encoded.map((bytes) => {
      const stat = message(bytes);
      const words = stat.get(5);
      const reference = stat.get(7) as bigint | undefined;
      const value =
        words !== undefined
          ? text(words)
          : reference !== undefined
            ? (names.get(reference) ?? '')
            : String(stat.get(3) ?? stat.get(4) ?? '');
      return [names.get(stat.get(1) as bigint) ?? '', value];
    }),
  );
}

function message(bytes: Uint8Array): Message {
  return new Map([...fields(bytes)].map(({ number, value }) => [number, value]));
}
