import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../src/saving/zip/crc32.js';

/** A member, with whatever its headers are to say instead of the truth. */
export interface RawMember {
  name: string | Uint8Array;
  data: Uint8Array;
  deflate?: boolean;
  /** Fields of both headers, then of one. */
  both?: RawFields;
  local?: RawFields & { name?: string };
  central?: RawFields & { offset?: number; comment?: string; disk?: number };
  /** Bytes between this member and the next. */
  gap?: Uint8Array;
}

interface RawFields {
  flags?: number;
  method?: number;
  crc?: number;
  packedSize?: number;
  size?: number;
  extra?: Uint8Array;
  name?: string | Uint8Array;
}

export interface RawEnd {
  count?: number;
  countHere?: number;
  size?: number;
  offset?: number;
  comment?: string;
  disk?: number;
  before?: Uint8Array;
  after?: Uint8Array;
  /** Bytes between the directory and its end record. */
  gap?: Uint8Array;
}

/** A zip archive, right or wrong as told. */
export function rawZip(members: readonly RawMember[], end: RawEnd = {}): Uint8Array {
  const parts: Buffer[] = [Buffer.from(end.before ?? [])];
  const directory: Buffer[] = [];
  let at = parts[0]!.length;
  for (const member of members) {
    const { data, deflate = false, both = {}, local = {}, central = {}, gap = new Uint8Array() } = member;
    const packed = deflate ? deflateRawSync(data) : Buffer.from(data);
    const truth = {
      flags: 0,
      method: deflate ? 8 : 0,
      crc: crc32(data),
      packedSize: packed.length,
      size: data.length,
      extra: new Uint8Array(),
      name: member.name,
      ...both,
    };
    directory.push(centralHeader({ ...truth, offset: at, comment: '', disk: 0, ...central }));
    const header = localHeader({ ...truth, ...local });
    parts.push(header, packed, Buffer.from(gap));
    at += header.length + packed.length + gap.length;
  }
  const table = Buffer.concat(directory);
  const {
    count = members.length,
    countHere = count,
    size = table.length,
    offset = at,
    comment = '',
    disk = 0,
  } = end;
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(disk, 4);
  record.writeUInt16LE(countHere, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([
    ...parts,
    table,
    Buffer.from(end.gap ?? []),
    record,
    Buffer.from(comment),
    Buffer.from(end.after ?? []),
  ]);
}

type Header = Required<RawFields>;

function fields(buffer: Buffer, at: number, { flags, method, crc, packedSize, size }: Header): void {
  buffer.writeUInt16LE(flags, at);
  buffer.writeUInt16LE(method, at + 2);
  buffer.writeUInt32LE(crc, at + 8);
  buffer.writeUInt32LE(packedSize, at + 12);
  buffer.writeUInt32LE(size, at + 16);
}

function localHeader(header: Header): Buffer {
  const name = Buffer.from(header.name as string);
  const buffer = Buffer.alloc(30);
  buffer.writeUInt32LE(0x04034b50, 0);
  buffer.writeUInt16LE(20, 4);
  fields(buffer, 6, header);
  buffer.writeUInt16LE(name.length, 26);
  buffer.writeUInt16LE(header.extra.length, 28);
  return Buffer.concat([buffer, name, header.extra]);
}

function centralHeader(header: Header & { offset: number; comment: string; disk: number }): Buffer {
  const name = Buffer.from(header.name as string);
  const buffer = Buffer.alloc(46);
  buffer.writeUInt32LE(0x02014b50, 0);
  buffer.writeUInt16LE(20, 4);
  buffer.writeUInt16LE(20, 6);
  fields(buffer, 8, header);
  buffer.writeUInt16LE(name.length, 28);
  buffer.writeUInt16LE(header.extra.length, 30);
  buffer.writeUInt16LE(header.comment.length, 32);
  buffer.writeUInt16LE(header.disk, 34);
  buffer.writeUInt32LE(header.offset, 42);
  return Buffer.concat([buffer, name, header.extra, Buffer.from(header.comment)]);
}
