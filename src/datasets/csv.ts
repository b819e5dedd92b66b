import { Readable } from 'node:stream';
import { CnnError } from '../errors.js';
import { type ByteSource, readBytes } from './bytes.js';

const [ZERO, NINE, COMMA, LF, CR, A, Z] = [0x30, 0x39, 0x2c, 0x0a, 0x0d, 0x41, 0x7a];

/** No row of an image this package reads comes near; a file without line ends must not be gathered in memory. */
const MAX_LINE = 1 << 20;

/** What a CSV of images holds. */
export interface CsvImages {
  /** Number of samples. */
  readonly rows: number;
  /** The pixels of all rows, one image after another. */
  readonly pixels: Uint8Array;
  /** The labels, or undefined where the file has no label column (Kaggle's test.csv). */
  readonly labels: Uint8Array | undefined;
}

/** How a CSV file is to be read. */
export interface CsvOptions {
  /** Pixels in an image; default 784. */
  pixels?: number;
  /** Labels must be below this; default 10, at most 256. */
  numClasses?: number;
  /** What messages call it. Default: the path. */
  name?: string;
}

/**
 * Reads an MNIST CSV: one image a row, `label,pixel0,...,pixel783`, whole numbers from 0 to 255 without quotes or
 * spaces. With or without a row of names; gzipped where the file's name ends with `.gz`; line ends LF or CRLF; the
 * label column may be missing altogether. Streams: beside the result it holds one piece of the file at a time.
 *
 * Its own parser, because a general one makes a string of each cell, and MNIST has 55 million.
 *
 * @param source the path of a file, or its bytes (not gzipped)
 * @throws CnnError `FILE_NOT_FOUND`, `FILE_UNREADABLE`, `FILE_CORRUPT` (gzip), or `DATA_INVALID` with `file`, `row` and
 *   `column` (both counted from 1, the row of names included), `expected` and `received`
 * @example const { rows, pixels, labels } = await readCsv('mnist_train.csv.gz');
 */
export async function readCsv(
  source: string | Uint8Array,
  { pixels = 784, numClasses = 10, name }: CsvOptions = {},
): Promise<CsvImages> {
  const parse = ({ file, fileSize, chunks }: Omit<ByteSource, 'checkSize'>) =>
    parseCsv(new CsvParser(name ?? file, pixels, numClasses, fileSize), chunks);
  if (typeof source === 'string') return readBytes(source, parse);
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  return parse({ file: 'the CSV', fileSize: bytes.length, chunks: Readable.from([bytes]) });
}

async function parseCsv(parser: CsvParser, chunks: AsyncIterable<Buffer>): Promise<CsvImages> {
  let rest: Buffer = Buffer.alloc(0);
  for await (let chunk of chunks) {
    if (rest.length > 0) {
      // Only the row that lies across the border is copied.
      const border = chunk.indexOf(LF) + 1;
      if (border > 0) {
        parser.parse(Buffer.concat([rest, chunk.subarray(0, border)]));
        chunk = chunk.subarray(border);
      } else {
        chunk = Buffer.concat([rest, chunk]);
      }
    }
    const end = chunk.lastIndexOf(LF) + 1;
    parser.parse(chunk.subarray(0, end));
    rest = chunk.subarray(end);
    if (rest.length > MAX_LINE) throw parser.endlessLine(rest.length);
  }
  if (rest.length > 0) parser.parse(Buffer.concat([rest, Buffer.of(LF)]));
  return parser.finish();
}

/** Takes whole rows and fills two growing arrays. */
class CsvParser {
  #line = 0;
  #rows = 0;
  #blankLine: number | undefined;
  #hasLabels: boolean | undefined;
  #pixels: Uint8Array;
  #labels: Uint8Array;

  constructor(
    readonly file: string,
    readonly size: number,
    readonly numClasses: number,
    fileSize: number,
  ) {
    // Each cell takes two bytes at least, so a plain file has no more rows than this; a gzipped one grows to it.
    const capacity = Math.ceil(fileSize / (2 * size));
    this.#pixels = new Uint8Array(capacity * size);
    this.#labels = new Uint8Array(capacity);
  }

  /** @param bytes rows, each with its line end */
  parse(bytes: Buffer): void {
    for (let at = 0; at < bytes.length; ) {
      if (this.#hasLabels === undefined) {
        at = this.#start(bytes, at);
        continue;
      }
      if (this.#rows === this.#labels.length) this.#grow();
      const next = this.#row(bytes, at, this.#hasLabels);
      this.#line++;
      if (next < 0) {
        at = this.#irregular(bytes, at);
        continue;
      }
      // Blank lines may end a file, not part it.
      if (this.#blankLine !== undefined) this.#refuseBlankLine();
      this.#rows++;
      at = next;
    }
  }

  finish(): CsvImages {
    if (this.#rows === 0) {
      this.#line++;
      throw this.#error(1, 'a row with an image', 'the end of the file');
    }
    return {
      rows: this.#rows,
      pixels: this.#pixels.subarray(0, this.#rows * this.size),
      labels: this.#hasLabels === true ? this.#labels.subarray(0, this.#rows) : undefined,
    };
  }

  endlessLine(bytes: number): CnnError {
    this.#line++;
    return this.#error(1, 'a line end', `${bytes} bytes without one`);
  }

  #error(column: number, expected: string, received: string, hint?: string): CnnError {
    const row = this.#line;
    return new CnnError('DATA_INVALID', `${this.file}, row ${row}, column ${column}`, {
      expected,
      received,
      hint,
      file: this.file,
      row,
      column,
    });
  }

  /** Looks at the first line: says where the rows begin and whether they have labels. */
  #start(bytes: Buffer, begin: number): number {
    let at = begin;
    // Excel begins its UTF-8 files with a byte order mark.
    if (this.#line === 0 && bytes.toString('latin1', at, at + 3) === '\xef\xbb\xbf') at += 3;
    const end = bytes.indexOf(LF, at) + 1;
    const names = lineText(bytes, at, end).split(',');
    const isHeader = bytes[at]! >= A && bytes[at]! <= Z;
    if (!isHeader) {
      // A first row of any other length is left to be refused as a row with labels.
      this.#hasLabels = names.length !== this.size;
      return at;
    }
    this.#line++;
    this.#hasLabels = names[0]!.toLowerCase() === 'label';
    // A file with its label in another place would be read without complaint, and wrongly, were this not asked.
    if (names.length === this.size + 1 && !this.#hasLabels) {
      throw this.#error(1, '"label"', quote(names[0]!), 'The label must be the first column, named "label".');
    }
    if (names.length !== this.#columns) throw this.#wrongCount(names.length);
    return end;
  }

  get #columns(): number {
    return this.size + (this.#hasLabels === true ? 1 : 0);
  }

  /**
   * Parses one well-formed row; returns where the next one begins, or -1 for any row that is not well-formed.
   * Reads never pass the line end, because each one happens only after a digit or a comma before it.
   */
  #row(bytes: Buffer, start: number, hasLabel: boolean): number {
    const pixels = this.#pixels;
    const base = this.#rows * this.size;
    const last = this.size - 1;
    let at = start;
    if (hasLabel) {
      const label = bytes[at]! - ZERO;
      if (bytes[at + 1] === COMMA && label >= 0 && label < this.numClasses && label <= 9) {
        this.#labels[this.#rows] = label;
        at += 2;
      } else {
        // Labels of two or three digits are rare enough to take the long way.
        const comma = bytes.indexOf(COMMA, at);
        const text = bytes.toString('latin1', at, Math.min(comma, at + 4));
        if (comma < 0 || !isByte(text) || Number(text) >= this.numClasses) return -1;
        this.#labels[this.#rows] = Number(text);
        at = comma + 1;
      }
    }
    for (let i = 0; ; i++) {
      // Four pixels of five are a zero before a comma, and the array is zero already.
      for (; i < last && bytes[at] === ZERO && bytes[at + 1] === COMMA; i++) at += 2;
      let value = bytes[at]! - ZERO;
      if (value < 0 || value > 9) return -1;
      let end = bytes[++at]!;
      for (let digits = 1; digits < 3 && end >= ZERO && end <= NINE; digits++) {
        value = value * 10 + end - ZERO;
        end = bytes[++at]!;
      }
      if (value > 255) return -1;
      pixels[base + i] = value;
      if (i === last) {
        if (end === CR) end = bytes[++at]!;
        return end === LF ? at + 1 : -1;
      }
      if (end !== COMMA) return -1;
      at++;
    }
  }

  /** A blank line is noted and passed; of any other row that is not well-formed, the error says why. */
  #irregular(bytes: Buffer, at: number): number {
    const end = bytes.indexOf(LF, at) + 1;
    const text = lineText(bytes, at, end);
    if (text === '') {
      this.#blankLine ??= this.#line;
      return end;
    }
    if (this.#blankLine !== undefined) this.#refuseBlankLine();
    const cells = text.split(',');
    const columns = this.#columns;
    for (const [i, cell] of cells.entries()) {
      const isLabel = i === 0 && this.#hasLabels === true;
      const limit = isLabel ? this.numClasses - 1 : 255;
      if (i >= columns || (isByte(cell) && Number(cell) <= limit)) continue;
      const hint = cell.startsWith('"') ? 'Write the numbers without quotes.' : undefined;
      throw this.#error(i + 1, `${isLabel ? 'a label' : 'a pixel'}, 0 to ${limit}`, quote(cell), hint);
    }
    throw this.#wrongCount(cells.length);
  }

  #wrongCount(cells: number): CnnError {
    const columns = this.#columns;
    const expected = `${columns} cells (${this.size} pixels ${this.#hasLabels === true ? 'after' : 'without'} a label)`;
    return this.#error(Math.min(cells, columns) + 1, expected, String(cells));
  }

  #refuseBlankLine(): never {
    this.#line = this.#blankLine!;
    throw this.#error(1, 'an image', 'a blank line');
  }

  #grow(): void {
    const capacity = 2 * this.#labels.length + 1;
    const pixels = new Uint8Array(capacity * this.size);
    pixels.set(this.#pixels);
    this.#pixels = pixels;
    const labels = new Uint8Array(capacity);
    labels.set(this.#labels);
    this.#labels = labels;
  }
}

function lineText(bytes: Buffer, at: number, end: number): string {
  return bytes.toString('latin1', at, end).replace(/\r?\n$/, '');
}

function isByte(cell: string): boolean {
  return /^\d{1,3}$/.test(cell) && Number(cell) <= 255;
}

/** Text of a file for a message: printable and short. */
function quote(cell: string): string {
  return JSON.stringify(cell.length > 32 ? `${cell.slice(0, 32)}...` : cell);
}
