import { CnnError } from '../errors.js';
import { loadSharp } from '../sharp.js';
import { gather, readBytes } from './bytes.js';

/** A picture in shades of gray: bytes row by row, 0 black to 255 white. */
export interface GrayPicture {
  /** Pixels in a row. */
  readonly width: number;
  /** Number of rows. */
  readonly height: number;
  /** Row after row. */
  readonly data: Uint8Array;
}

/** Larger files are not opened, larger pictures not decoded. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_PIXELS = 64e6;

/** What is read is not larger than this on any side: plenty for a digit. */
const MAX_SIDE = 320;

const SIGNATURES = [Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from('\xff\xd8\xff', 'latin1')];

/** Whether bytes begin as a PNG or a JPEG file does. */
export function isPicture(bytes: Uint8Array): boolean {
  return SIGNATURES.some((signature) => signature.equals(bytes.subarray(0, signature.length)));
}

/**
 * Reads a PNG or JPEG file of any size as shades of gray, upright, shrunk to 320 pixels on its longer side where it is
 * larger. What is transparent becomes white behind dark ink and black behind light ink.
 *
 * Safe for files from anywhere: nothing but PNG and JPEG is decoded, and not more than 64 MiB or 64 million pixels.
 *
 * @param source the path of a file, or its bytes
 * @param name what messages call it; default: the path
 * @throws CnnError `FILE_NOT_FOUND`, `FILE_UNREADABLE`; `DATA_INVALID` for what is no PNG or JPEG, or too large;
 *   `FILE_CORRUPT`; `UNSUPPORTED` where sharp is not installed
 * @example const digit = datasets.digitOf(await datasets.readPicture('seven.jpg'));
 */
export async function readPicture(
  source: string | Uint8Array,
  name: string = typeof source === 'string' ? source : 'the picture',
): Promise<GrayPicture> {
  const bytes =
    typeof source === 'string'
      ? await readBytes(source, ({ chunks }) => gather(source, chunks, MAX_BYTES))
      : source;
  if (!isPicture(bytes)) {
    const start = Buffer.from(bytes.subarray(0, 8))
      .toString('hex')
      .replace(/..(?=.)/g, '$& ');
    throw new CnnError('DATA_INVALID', `${name} is no picture`, {
      file: name,
      expected: 'a PNG or JPEG file',
      received: bytes.length === 0 ? 'no bytes' : `bytes that begin with ${start}`,
    });
  }
  const sharp = await loadSharp();
  const { width, height } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch((cause) => {
      throw damaged(name, cause);
    });
  if (width * height > MAX_PIXELS) {
    throw new CnnError('DATA_INVALID', `${name} is too large`, {
      file: name,
      expected: `at most ${MAX_PIXELS / 1e6} million pixels`,
      received: `${width} x ${height}`,
    });
  }
  const { data, info } = await sharp(bytes, { limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true, kernel: 'linear' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
    .catch((cause) => {
      throw damaged(name, cause);
    });
  return { width: info.width, height: info.height, data: grayOf(data) };
}

/** Gray (luma of ITU-R BT.601) of pixels with red, green, blue, alpha, on a background from which the ink stands out. */
function grayOf(pixels: Uint8Array): Uint8Array {
  const gray = new Uint8Array(pixels.length / 4);
  let [ink, weight] = [0, 0];
  for (let i = 0, at = 0; i < gray.length; i++, at += 4) {
    const luma = 0.299 * pixels[at]! + 0.587 * pixels[at + 1]! + 0.114 * pixels[at + 2]!;
    gray[i] = Math.round(luma);
    ink += luma * pixels[at + 3]!;
    weight += pixels[at + 3]!;
  }
  const background = ink > 127.5 * weight ? 0 : 255;
  for (let i = 0; i < gray.length; i++) {
    const alpha = pixels[4 * i + 3]! / 255;
    gray[i] = Math.round(gray[i]! * alpha + background * (1 - alpha));
  }
  return gray;
}

function damaged(name: string, cause: Error): CnnError {
  return new CnnError('FILE_CORRUPT', `${name} cannot be decoded (${cause.message})`, { file: name, cause });
}
