// Zip archives that programs may read in different ways, that reach out of themselves, or that unpack to too much.
import { type HostileFile, MEMBERS } from './good.js';
import { type RawEnd, type RawMember, rawZip } from './raw-zip.js';

type Changes = Partial<Record<keyof typeof MEMBERS, Partial<RawMember>>>;

const NAMES = ['metadata.json', 'config.json', 'model.weights.h5'] as const;

function members(changes: Changes = {}): RawMember[] {
  return NAMES.map((name) => ({ name, data: MEMBERS[name], ...changes[name] }));
}

/** The archive from which all others here are made; it is a right one. */
export function rightArchive(): Uint8Array {
  return rawZip(members());
}

function changed(name: string, changes: Changes, end?: RawEnd): HostileFile {
  return { name: `zip: ${name}`, bytes: rawZip(members(changes), end) };
}

function config(name: string, change: Partial<RawMember>): HostileFile {
  return changed(name, { 'config.json': change });
}

function extraMember(name: string, member: RawMember): HostileFile {
  return { name: `zip: ${name}`, bytes: rawZip([...members(), member]) };
}

const BAD_NAMES = [
  '../config.json',
  'assets/../../x',
  '/etc/passwd',
  'C:\\x',
  'assets\\x',
  './config.json',
  'assets//x',
  'assets/',
  '',
  '.',
  '..',
  'config.json\0.txt',
  'a\nb',
  'C:x',
  'assets/vocabulary.txt',
  'model.weights.npz',
  'CONFIG.JSON',
  'evil.py',
  '__init__.py',
];

const extra = (id: number, length = 4) => {
  const bytes = Buffer.alloc(4 + length);
  bytes.writeUInt16LE(id, 0);
  bytes.writeUInt16LE(length, 2);
  return bytes;
};

const other = Buffer.from('{}');

/** Bytes that deflate to a fourteenth, which is not refused for itself: one in thirty is random. */
function soft(size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let state = 1;
  for (let i = 0; i < size; i += 30) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Members that deflate far below what honest weights do, or to more than the model can have. */
function bombs(): HostileFile[] {
  const zeros = new Uint8Array(48 * 2 ** 20);
  return [
    changed('weights that unpack to 96 MiB, fourteen times the file, of a model of 8 numbers', {
      'model.weights.h5': { data: soft(96 * 2 ** 20), deflate: true },
    }),
    changed('weights that unpack to 48 MiB', { 'model.weights.h5': { data: zeros, deflate: true } }),
    config('a config that unpacks to 48 MiB', { data: zeros, deflate: true }),
    config('a config that unpacks to more than it says', {
      data: zeros,
      deflate: true,
      both: { size: 1000 },
    }),
    config('a config that says it unpacks to 4 GiB', { deflate: true, both: { size: 0xfffffffe } }),
    changed('weights that say they unpack to 4 GiB', {
      'model.weights.h5': { deflate: true, both: { size: 0xfffffffe } },
    }),
    changed('weights that unpack to less than they say', {
      'model.weights.h5': { deflate: true, both: { size: MEMBERS['model.weights.h5'].length + 1 } },
    }),
  ];
}

export function hostileArchives(): HostileFile[] {
  const right = Buffer.from(rightArchive());
  const configJson = MEMBERS['config.json'];
  return [
    ...bombs(),
    ...BAD_NAMES.map((name) => extraMember(`a member called ${JSON.stringify(name)}`, { name, data: other })),
    extraMember('a name that is no UTF-8', { name: Uint8Array.of(0xff, 0xfe), data: other }),
    extraMember('CVE-2025-12060: a tar in it', { name: 'assets/x.tar', data: new Uint8Array(512) }),
    extraMember('a second config', { name: 'config.json', data: other }),
    extraMember('a symbolic link', { name: 'assets/link', data: Buffer.from('/etc/passwd') }),
    { name: 'zip: 100 members', bytes: rawZip([...members(), ...many(100)]) },
    { name: 'zip: no members', bytes: rawZip([]) },
    ...NAMES.map((name) => ({
      name: `zip: no ${name}`,
      bytes: rawZip(members().filter((member) => member.name !== name)),
    })),
    config('another name in the local header', { local: { name: 'config.jsoN' } }),
    config('a longer name in the local header', { local: { name: 'config.json2' } }),
    config('another size in the local header', { local: { size: 1 } }),
    config('another packed size in the local header', { local: { packedSize: 1 } }),
    config('another checksum in the local header', { local: { crc: 1 } }),
    config('another method in the local header', { local: { method: 8 } }),
    config('other flags in the local header', { local: { flags: 0x800 } }),
    config('a wrong checksum', { both: { crc: 1 } }),
    config('sizes behind the data', { both: { flags: 8 } }),
    config('sizes behind the data and none before', {
      both: { flags: 8 },
      local: { crc: 0, packedSize: 0, size: 0 },
    }),
    config('encryption', { both: { flags: 1 } }),
    config('strong encryption', { both: { flags: 0x41 } }),
    config('an encrypted directory', { both: { flags: 0x2000 } }),
    config('unknown flags', { both: { flags: 0x4000 } }),
    ...[1, 9, 12, 14, 93, 95, 99].map((method) =>
      config(`compression method ${method}`, { both: { method } }),
    ),
    config('a stored size that differs from the packed one', { both: { size: configJson.length - 1 } }),
    config('stored data that says it is deflated', { both: { method: 8 } }),
    config('a packed size beyond the end', { both: { packedSize: 1e6, size: 1e6 } }),
    config('zip64 sizes', { both: { extra: extra(0x0001, 16) } }),
    config('zip64 sizes in the local header alone', { local: { extra: extra(0x0001, 16) } }),
    config('a second name, in Unicode', { both: { extra: extra(0x7075, 9) } }),
    config('AES encryption', { both: { extra: extra(0x9901, 7) } }),
    config('an extra field that is longer than all of them', {
      both: { extra: extra(0x5455, 4).fill(99, 2, 4) },
    }),
    config('a cut extra field', { both: { extra: Uint8Array.of(1, 2) } }),
    config('a comment', { central: { comment: 'x' } }),
    config('another disk', { central: { disk: 1 } }),
    config('a place beyond the end', { central: { offset: 1e6 } }),
    config('the place of another member', { central: { offset: 0 } }),
    config('a gap behind it', { gap: Buffer.from('hidden') }),
    config('a local header behind it that is in no directory', { gap: right.subarray(0, 200) }),
    changed('something before the first member', {}, { before: Buffer.from('#!/bin/sh\nid\n') }),
    changed('something behind the end', {}, { after: Buffer.from('x') }),
    changed('another archive behind the end', {}, { after: right }),
    changed('a comment', {}, { comment: 'x' }),
    changed('a comment that holds another end', {}, { comment: right.subarray(-22).toString('latin1') }),
    changed('a gap before the end', {}, { gap: Buffer.from('x') }),
    changed('a zip64 end', {}, { gap: Buffer.from('504b060600', 'hex') }),
    changed('several disks', {}, { disk: 1 }),
    changed('fewer members than there are', {}, { count: 2 }),
    changed('more members than there are', {}, { count: 4 }),
    changed('65,535 members', {}, { count: 0xffff }),
    changed('two counts of members', {}, { countHere: 2 }),
    changed('a directory of another size', {}, { size: 1 }),
    changed('a directory of 4 GiB', {}, { size: 0xffffffff }),
    changed('a directory at the beginning', {}, { offset: 0 }),
    changed('a directory beyond the end', {}, { offset: 0xffffffff }),
    { name: 'zip: nothing', bytes: new Uint8Array() },
    { name: 'zip: an end alone', bytes: right.subarray(-22) },
    { name: 'zip: the first half', bytes: right.subarray(0, right.length / 2) },
    { name: 'zip: without its last byte', bytes: right.subarray(0, -1) },
    { name: 'zip: without its first byte', bytes: right.subarray(1) },
    { name: 'zip: overlapping members', bytes: overlapping() },
    { name: 'CVE-2025-9905: an .h5 model', bytes: MEMBERS['model.weights.h5'] },
    { name: 'a pickle', bytes: Buffer.from('80049500', 'hex') },
    { name: 'text', bytes: Buffer.from('not a model, by far'.repeat(10)) },
  ];
}

function many(count: number): RawMember[] {
  return Array.from({ length: count }, (_, i) => ({ name: `member${i}`, data: other }));
}

/** Two members whose data are the same bytes: what lets a small archive pose as a large one. */
function overlapping(): Uint8Array {
  const bytes = Buffer.from(rawZip([...members(), { name: 'assets', data: MEMBERS['config.json'] }]));
  const directory = bytes.readUInt32LE(bytes.length - 6);
  const offsets: number[] = [];
  for (let at = directory; bytes.readUInt32LE(at) === 0x02014b50; at += 46 + bytes.readUInt16LE(at + 28)) {
    offsets.push(at + 42);
  }
  // The last member at the place of the config.
  bytes.writeUInt32LE(bytes.readUInt32LE(offsets[1]!), offsets[3]!);
  return bytes;
}
