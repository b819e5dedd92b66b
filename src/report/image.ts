import { deflateSync } from 'node:zlib';
import { CnnError } from '../errors.js';
import { crc32 } from './crc.js';

/** A picture: bytes row by row, 1 (gray) or 3 (red, green, blue) for each pixel, 0 dark to 255 light. */
export interface Image {
  /** Pixels in a row. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
  /** 1: gray; 3: red, green, blue. */
  readonly channels: 1 | 3;
  /** Row after row, pixel after pixel, from 0 to 255. */
  readonly data: Uint8Array;
}

/** A picture from numbers. @throws CnnError SHAPE_MISMATCH where there are too few or too many */
export function image(width: number, height: number, channels: 1 | 3, data: Uint8Array): Image {
  const size = width * height * channels;
  if (data.length === size) return { width, height, channels, data };
  throw new CnnError('SHAPE_MISMATCH', 'these are not the pixels of the picture', {
    expected: `${width} x ${height} x ${channels} = ${size} bytes`,
    received: String(data.length),
  });
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** The picture as a PNG file (ISO 15948): 8 bits a channel, gray or true colour. */
export function encodePng({ width, height, channels, data }: Image): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, channels === 1 ? 0 : 2], 8);
  const stride = width * channels;
  // Each row has a filter type before it; 0 leaves the row as it is.
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

function chunk(type: string, content: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(content.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** The picture with each pixel as a square of `factor` by `factor`. */
export function enlarge(picture: Image, factor: number): Image {
  const { width, height, channels, data } = picture;
  const [wide, high] = [width * factor, height * factor];
  const larger = new Uint8Array(wide * high * channels);
  for (let y = 0; y < high; y++) {
    for (let x = 0; x < wide; x++) {
      const from = (Math.floor(y / factor) * width + Math.floor(x / factor)) * channels;
      larger.set(data.subarray(from, from + channels), (y * wide + x) * channels);
    }
  }
  return { width: wide, height: high, channels, data: larger };
}

/** Pictures of one size side by side, `columns` in a row, with a frame of one pixel between them. */
export function tile(pictures: readonly Image[], columns: number, background = 255): Image {
  const { width, height, channels } = pictures[0]!;
  const across = Math.min(columns, pictures.length);
  const wide = across * (width + 1) - 1;
  const high = Math.ceil(pictures.length / across) * (height + 1) - 1;
  const data = new Uint8Array(wide * high * channels).fill(background);
  for (const [i, picture] of pictures.entries()) {
    const left = (i % across) * (width + 1);
    const top = Math.floor(i / across) * (height + 1);
    for (let y = 0; y < height; y++) {
      const row = picture.data.subarray(y * width * channels, (y + 1) * width * channels);
      data.set(row, ((top + y) * wide + left) * channels);
    }
  }
  return { width: wide, height: high, channels, data };
}
