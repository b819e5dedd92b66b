// Corrupt data never trains silently: each kind of damage, at random, is refused by an error that names the file, the
// place, what was expected and what came. `CNN_CAMPAIGN=full npm test -- corruption` runs the campaigns at full size.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { readCsv } from '../../src/datasets/csv.js';
import { readIdx } from '../../src/datasets/idx.js';
import { mnist } from '../../src/datasets/index.js';
import {
  assertNamesPlace,
  campaignSize,
  csvCells,
  csvText,
  HEADER,
  IDX_FILES,
  idxFiles,
  madeUpDigits,
  rejection,
  temporaryFolder,
  writeIdxFolder,
} from './helpers.js';

const root = temporaryFolder();
const good = idxFiles(12, 6);
type Role = keyof typeof IDX_FILES;
const roles = Object.keys(IDX_FILES) as Role[];

/** What happens to one file of the set. Its own words are all that a failing test prints. */
type Damage = { of: Role } & (
  | { kind: 'header byte'; at: number; xor: number }
  | { kind: 'cut'; at: number }
  | { kind: 'inserted'; at: number; bytes: Uint8Array }
  | { kind: 'missing'; at: number; length: number }
  | { kind: 'label'; at: number; label: number }
  | { kind: 'swapped'; by: Role }
);

/** A damage of this kind to any of these files, at any place of it. */
function anywhere<K extends Damage['kind'], D>(kind: K, files: readonly Role[], more: fc.Arbitrary<D>) {
  return fc
    .tuple(fc.constantFrom(...files), fc.nat(), more)
    .map(([of, at, rest]) => ({ kind, of, at: at % good[of].length, ...rest }));
}

const damages = fc.oneof(
  anywhere('header byte', roles, fc.record({ xor: fc.integer({ min: 1, max: 255 }) })),
  anywhere('cut', roles, fc.record({})),
  anywhere('inserted', roles, fc.record({ bytes: fc.uint8Array({ minLength: 1, maxLength: 64 }) })),
  anywhere('missing', roles, fc.record({ length: fc.integer({ min: 1, max: 64 }) })),
  anywhere('label', ['trainLabels', 'testLabels'], fc.record({ label: fc.integer({ min: 10, max: 255 }) })),
  fc
    .record({
      kind: fc.constant('swapped' as const),
      of: fc.constantFrom(...roles),
      by: fc.constantFrom(...roles),
    })
    .filter(({ of, by }) => of !== by),
) satisfies fc.Arbitrary<Damage>;

function apply(damage: Damage): Buffer {
  const bytes = Buffer.from(good[damage.of]);
  const headerSize = damage.of.endsWith('Images') ? 16 : 8;
  switch (damage.kind) {
    case 'header byte':
      bytes[damage.at % headerSize]! ^= damage.xor;
      return bytes;
    case 'cut':
      return bytes.subarray(0, damage.at);
    case 'inserted': {
      const at = Math.max(damage.at, headerSize);
      return Buffer.concat([bytes.subarray(0, at), damage.bytes, bytes.subarray(at)]);
    }
    case 'missing':
      return Buffer.concat([bytes.subarray(0, damage.at), bytes.subarray(damage.at + damage.length)]);
    case 'label':
      bytes[Math.max(damage.at, headerSize)] = damage.label;
      return bytes;
    case 'swapped':
      return good[damage.by];
  }
}

describe('corrupt IDX files', () => {
  for (const gzip of [false, true]) {
    it(`are refused, ${gzip ? 'gzipped' : 'plain'}`, async () => {
      const dir = mkdtempSync(path.join(root, 'idx-'));
      writeIdxFolder(dir, good, { gzip });
      const fileOf = (role: Role) => path.join(dir, gzip ? `${IDX_FILES[role]}.gz` : IDX_FILES[role]);
      const write = (role: Role, bytes: Buffer) =>
        writeFileSync(fileOf(role), gzip ? gzipSync(bytes) : bytes);
      await fc.assert(
        fc.asyncProperty(damages, async (damage) => {
          write(damage.of, apply(damage));
          try {
            const error = await rejection(mnist.load({ dir }));
            // Sound images with another number of labels: it is the labels that are named, and the images mentioned.
            const paired = damage.kind === 'swapped' && damage.of.slice(-6) === damage.by.slice(-6);
            const named = paired ? (damage.of.replace('Images', 'Labels') as Role) : damage.of;
            const { message } = assertNamesPlace(error, fileOf(named));
            assert.ok(message.includes(fileOf(damage.of)), message);
          } finally {
            write(damage.of, good[damage.of]);
          }
        }),
        { numRuns: campaignSize(300, 10_000), seed: 1 },
      );
    });
  }
});

describe('corrupt gzip files', () => {
  const whole = gzipSync(idxFiles(campaignSize(1, 20), 1).trainImages);
  const file = path.join(root, 'images.gz');

  it('are refused at every length but the whole', async () => {
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(file, whole.subarray(0, length));
      assertNamesPlace(await rejection(readIdx(file)), file);
    }
    writeFileSync(file, whole);
    assert.equal((await readIdx(file)).shape.length, 3);
  });

  it('are refused, or hold the same values, where any byte changed', async () => {
    writeFileSync(file, whole);
    const intact = await readIdx(file);
    let unnoticed = 0;
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at]! ^= 1 << (at % 8);
      writeFileSync(file, bytes);
      await readIdx(file).then(
        (read) => {
          assert.deepEqual(read, intact);
          unnoticed++;
        },
        (error) => assertNamesPlace(error, file),
      );
    }
    // gzip guards all but its header's time stamp and the like.
    assert.ok(unnoticed < 10, String(unnoticed));
  });
});

describe('corrupt CSV cells', () => {
  const cells = csvCells(madeUpDigits(30));
  const wrong = fc.oneof(
    fc.constantFrom(
      '',
      '-1',
      '-0',
      '+1',
      '256',
      '999',
      '1000',
      '0000',
      '1.0',
      '.5',
      '1e2',
      '0x1',
      ' 1',
      '1 ',
      '"1"',
    ),
    fc.constantFrom('NaN', 'null', '١', '1\r', '\0', '1;2', '1\t2'),
    fc.integer({ min: 256 }).map(String),
    fc.integer({ max: -1 }).map(String),
    fc.string({ minLength: 1, maxLength: 40 }).filter((text) => !/[\n,]/.test(text) && !/^\d+$/.test(text)),
  );

  it('are refused, naming row and column', async () => {
    const file = path.join(root, 'cells.csv');
    await fc.assert(
      fc.asyncProperty(
        fc.nat(29),
        fc.nat(784),
        wrong,
        fc.boolean(),
        fc.boolean(),
        async (row, column, text, ...how) => {
          const [header, crlf] = how;
          // A carriage return before the line end belongs to it, and a letter first in the file begins a row of names.
          fc.pre(
            !(column === 784 && text.endsWith('\r')) && !(row === 0 && column === 0 && /^[A-z]/.test(text)),
          );
          const rows = cells.map((line) => [...line]);
          rows[row]![column] = text;
          writeFileSync(file, csvText(header ? [HEADER, ...rows] : rows, crlf ? '\r\n' : '\n'));
          const place = { row: row + (header ? 2 : 1), column: column + 1 };
          assertNamesPlace(await rejection(readCsv(file)), file, place);
        },
      ),
      { numRuns: campaignSize(300, 5_000), seed: 1 },
    );
  });

  it('are refused where they are missing or too many', async () => {
    const file = path.join(root, 'counts.csv');
    await fc.assert(
      fc.asyncProperty(fc.nat(29), fc.nat(784), fc.boolean(), async (row, column, missing) => {
        const rows = cells.map((line) => [...line]);
        rows[row]!.splice(column, missing ? 1 : 0, ...(missing ? [] : ['0']));
        writeFileSync(file, csvText([HEADER, ...rows]));
        const error = assertNamesPlace(await rejection(readCsv(file)), file, { row: row + 2 });
        // Where the next pixel has moved into the label's place, that may be noticed first.
        if (error.details.column !== 1) {
          assert.deepEqual(
            [error.details.column, error.details.received],
            missing ? [785, '784'] : [786, '786'],
          );
        }
      }),
      { numRuns: campaignSize(100, 1_000), seed: 1 },
    );
  });

  it('are refused after half a row at the end of the file', async () => {
    const file = path.join(root, 'half.csv');
    const text = csvText(cells);
    const lastRow = text.lastIndexOf('\n', text.length - 2) + 1;
    const lastCell = text.lastIndexOf(',') + 1;
    for (let end = lastRow + 1; end <= lastCell; end += campaignSize(7, 1)) {
      writeFileSync(file, text.slice(0, end));
      assertNamesPlace(await rejection(readCsv(file)), file, { row: 30 });
    }
  });
});

describe('well-formed CSV files', () => {
  it('read the same by this parser as by splitting at commas', async () => {
    const file = path.join(root, 'same.csv');
    const byte = fc.nat(255);
    const image = fc.tuple(fc.nat(9), fc.array(byte, { minLength: 5, maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.array(image, { minLength: 1, maxLength: 50 }), async (images) => {
        const text = csvText(images.map(([label, pixels]) => [label, ...pixels].map(String)));
        writeFileSync(file, text);
        const rows = text
          .trimEnd()
          .split('\n')
          .map((line) => line.split(',').map(Number));
        assert.deepEqual(await readCsv(file, { pixels: 5 }), {
          rows: rows.length,
          labels: Uint8Array.from(rows, ([label]) => label!),
          pixels: Uint8Array.from(rows.flatMap((row) => row.slice(1))),
        });
      }),
      { numRuns: campaignSize(100, 1_000), seed: 1 },
    );
  });
});
