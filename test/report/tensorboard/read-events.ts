import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32c } from '../../../src/report/crc.js';

/** A field of a message: its number, and a whole number, a double, a float, or bytes. */
type Fields = Map<number, (number | Buffer)[]>;

/** A value of a summary, as far as tests look. */
export interface Value {
  readonly step: number;
  readonly plugin: string;
  readonly tensor: Fields;
  readonly content: Buffer;
}

/** What the event files of a folder hold: values by tag, and graphs. */
export function readEvents(folder: string): { values: Map<string, Value[]>; graphs: Buffer[] } {
  const values = new Map<string, Value[]>();
  const graphs: Buffer[] = [];
  const names = readdirSync(folder).filter((name) => name.includes('tfevents'));
  for (const event of names.flatMap((name) => readRecords(readFileSync(path.join(folder, name))))) {
    const fields = parse(event);
    for (const graph of fields.get(4) ?? []) graphs.push(graph as Buffer);
    for (const summary of fields.get(5) ?? []) {
      for (const value of parse(summary as Buffer).get(1) ?? []) {
        const { tag, ...rest } = readValue(value as Buffer, (fields.get(2)?.[0] as number) ?? 0);
        values.set(tag, [...(values.get(tag) ?? []), rest]);
      }
    }
  }
  return { values, graphs };
}

function readValue(value: Buffer, step: number): Value & { tag: string } {
  const fields = parse(value);
  const metadata = parse(fields.get(9)![0] as Buffer);
  const plugin = parse(metadata.get(1)![0] as Buffer);
  return {
    tag: String(fields.get(1)![0]),
    step,
    plugin: String(plugin.get(1)![0]),
    tensor: parse(fields.get(8)![0] as Buffer),
    content: (plugin.get(2)?.[0] as Buffer) ?? Buffer.alloc(0),
  };
}

/** Cuts a file into records, checking both checksums. */
export function readRecords(file: Buffer): Buffer[] {
  const records = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    if (file.readUInt32LE(at + 8) !== mask(crc32c(file.subarray(at, at + 8)))) throw new Error('length');
    const data = file.subarray(at + 12, at + 12 + length);
    if (file.readUInt32LE(at + 12 + length) !== mask(crc32c(data))) throw new Error('data');
    records.push(data);
    at += length + 16;
  }
  return records;
}

function mask(sum: number): number {
  return Number(((BigInt(sum >>> 15) | (BigInt(sum) << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

/** A protocol buffer's message, one level. */
export function parse(message: Buffer): Fields {
  const fields: Fields = new Map();
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 1; ; shift *= 128) {
      const byte = message[at++]!;
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number) => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const type = key & 7;
    let value: number | Buffer;
    if (type === 0) value = varint();
    else if (type === 1) value = take(8).readDoubleLE();
    else if (type === 5) value = take(4).readFloatLE();
    else value = take(varint());
    fields.set(key >>> 3, [...(fields.get(key >>> 3) ?? []), value]);
  }
  return fields;
}
