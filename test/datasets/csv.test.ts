import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { readCsv } from '../../src/datasets/csv.js';
import {
  assertNamesPlace,
  csvCells,
  csvText,
  HEADER,
  madeUpDigits,
  rejection,
  temporaryFolder,
} from './helpers.js';

const folder = temporaryFolder();

function write(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content, 'latin1');
  return file;
}

// More than one piece of the file as it is read (64 KiB), so that rows lie across the border.
const digits = madeUpDigits(120);
const rows = csvCells(digits);

describe('readCsv', () => {
  const good: [string, string][] = [
    ['a row of names', csvText([HEADER, ...rows])],
    ['no row of names', csvText(rows)],
    [
      'a row of names as in Kaggle',
      csvText([['label', ...HEADER.slice(1).map((_, i) => `${i}x1`)], ...rows]),
    ],
    ['CRLF', csvText([HEADER, ...rows], '\r\n')],
    ['no line end after the last row', csvText(rows).slice(0, -1)],
    ['blank lines at the end', `${csvText(rows)}\n\r\n`],
    ['a byte order mark', `\xef\xbb\xbf${csvText([HEADER, ...rows])}`],
    ['leading zeros', csvText(rows.map((cells) => cells.map((cell) => cell.padStart(3, '0'))))],
  ];
  for (const [what, text] of good) {
    it(`reads a file with ${what}, plain and gzipped`, async () => {
      for (const file of [
        write('good.csv', text),
        write('good.csv.gz', gzipSync(Buffer.from(text, 'latin1'))),
      ]) {
        assert.deepEqual(await readCsv(file), { rows: 120, ...digits });
      }
    });
  }

  it("reads images without labels, as in Kaggle's test.csv", async () => {
    const unlabelled = rows.map((cells) => cells.slice(1));
    for (const table of [unlabelled, [HEADER.slice(1), ...unlabelled]]) {
      const images = await readCsv(write('test.csv', csvText(table)));
      assert.deepEqual(images, { rows: 120, pixels: digits.pixels, labels: undefined });
    }
  });

  it('reads images of another size and labels of two digits', async () => {
    const file = write('small.csv', '12,0,255\n3,7,0\n61,1,2\n');
    assert.deepEqual(await readCsv(file, { pixels: 2, numClasses: 62 }), {
      rows: 3,
      pixels: Uint8Array.of(0, 255, 7, 0, 1, 2),
      labels: Uint8Array.of(12, 3, 61),
    });
  });

  const small: [string, string, { row: number; column: number; received?: string }][] = [
    ['an empty file', '', { row: 1, column: 1 }],
    ['a file of blank lines', '\n\n', { row: 3, column: 1 }],
    ['names without rows', 'label,a,b,c\n', { row: 2, column: 1 }],
    ['too few names', 'label,a,b\n1,2,3,4\n', { row: 1, column: 4, received: '3' }],
    ['too many names', 'label,a,b,c,d\n1,2,3,4\n', { row: 1, column: 5, received: '5' }],
    ['a label that is not first', 'a,b,c,label\n1,2,3,4\n', { row: 1, column: 1, received: '"a"' }],
    ['quotes', '1,"2",3,4\n', { row: 1, column: 2, received: '"\\"2\\""' }],
    ['quoted names', '"label","a","b","c"\n', { row: 1, column: 1 }],
    ['a label that is no class', '1,2,3,4\n10,2,3,4\n', { row: 2, column: 1, received: '"10"' }],
    ['a missing cell', '1,2,3,4\n1,2,3\n', { row: 2, column: 4, received: '3' }],
    ['a surplus cell', '1,2,3,4\n1,2,3,4,5\n', { row: 2, column: 5, received: '5' }],
    ['an empty cell', '1,2,,4\n', { row: 1, column: 3, received: '""' }],
    ['a comma at the end', '1,2,3,4,\n', { row: 1, column: 5, received: '5' }],
    ['a pixel above 255', '1,2,256,4\n', { row: 1, column: 3, received: '"256"' }],
    ['a negative pixel', '1,2,3,-4\n', { row: 1, column: 4, received: '"-4"' }],
    ['a pixel with a point', '1,2,3.0,4\n', { row: 1, column: 3, received: '"3.0"' }],
    ['a space', '1, 2,3,4\n', { row: 1, column: 2, received: '" 2"' }],
    ['four digits', '1,0002,3,4\n', { row: 1, column: 2, received: '"0002"' }],
    ['semicolons', '1;2;3;4\n', { row: 1, column: 1, received: '"1;2;3;4"' }],
    ['a blank line before the last row', '1,2,3,4\n\n1,2,3,4\n', { row: 2, column: 1 }],
    ['a bare carriage return', '1,2,3,4\r1,2,3,4\n', { row: 1, column: 4 }],
    ['a row of another length than the first', '1,2,3\n1,2,3,4\n', { row: 2, column: 4, received: '4' }],
    ['names counted as a row', 'label,a,b,c\n1,2,3,4\n1,2,x,4\n', { row: 3, column: 3, received: '"x"' }],
    ['zero bytes', '1,2,\0,4\n', { row: 1, column: 3, received: '"\\u0000"' }],
  ];
  for (const [what, text, place] of small) {
    it(`refuses ${what}, naming row ${place.row}, column ${place.column}`, async () => {
      const file = write('bad.csv', text);
      assertNamesPlace(await rejection(readCsv(file, { pixels: 3 })), file, place);
    });
  }

  it('refuses a file without line ends before it holds it all', async () => {
    const file = write('endless.csv', Buffer.alloc(4 << 20, '0,'));
    assertNamesPlace(await rejection(readCsv(file)), file, { row: 1 });
  });

  it('refuses a gzipped file cut short', async () => {
    const whole = gzipSync(csvText(rows));
    const file = write('cut.csv.gz', whole.subarray(0, whole.length - 9));
    assertNamesPlace(await rejection(readCsv(file)), file);
  });
});
