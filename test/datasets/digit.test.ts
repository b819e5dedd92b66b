import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Dataset } from '../../src/datasets/dataset.js';
import { digitOf } from '../../src/datasets/digit.js';
import * as mnist from '../../src/datasets/mnist.js';
import type { GrayPicture } from '../../src/datasets/picture-file.js';
import { hasCode } from '../codes.js';

const SIDE = 28;
const DIGITS = 30;

/** Noise of mean 0 and standard deviation 1, the same on every run. */
function noise(i: number): number {
  const uniform = [1, 2, 3].map((k) => Math.abs(Math.sin(i * 12.9898 + k * 78.233) * 43758.5453) % 1);
  return 2 * (uniform.reduce((sum, value) => sum + value) - 1.5);
}

describe('digitOf', () => {
  let test: Dataset;
  before(async () => {
    ({ test } = await mnist.load());
  });

  /** Sample `i`, each pixel a square, on a larger sheet. */
  function sheet(i: number, { factor = 1, left = 0, top = 0, right = 0, bottom = 0 }): GrayPicture {
    const width = SIDE * factor + left + right;
    const height = SIDE * factor + top + bottom;
    const data = new Uint8Array(width * height);
    const pixels = test.image(i);
    for (let y = 0; y < SIDE * factor; y++) {
      for (let x = 0; x < SIDE * factor; x++) {
        data[(top + y) * width + left + x] = pixels[Math.floor(y / factor) * SIDE + Math.floor(x / factor)]!;
      }
    }
    return { width, height, data };
  }

  /** Mean difference of the digits made of such pictures from the originals, 0 to 255. */
  function differenceFrom(make: (i: number) => GrayPicture): number {
    let sum = 0;
    for (let i = 0; i < DIGITS; i++) {
      const made = digitOf(make(i));
      const original = test.image(i);
      for (let k = 0; k < made.length; k++) sum += Math.abs(made[k]! - original[k]!);
    }
    return sum / DIGITS / (SIDE * SIDE);
  }

  it("leaves MNIST's own digits as they are", () => {
    assert.ok(differenceFrom((i) => sheet(i, {})) < 1);
  });

  it('finds them anywhere on a sheet of any size, dark on light as well', () => {
    const place = (i: number) => ({ factor: 5, left: 3 * i, top: 60, right: 99 - i, bottom: 2 * i });
    assert.ok(differenceFrom((i) => sheet(i, place(i))) < 1);
    const negative = (i: number) => {
      const picture = sheet(i, place(i));
      return { ...picture, data: picture.data.map((value) => 255 - value) };
    };
    assert.ok(differenceFrom(negative) < 1);
  });

  it('takes out light that falls off, noise and specks', () => {
    const photographed = (i: number): GrayPicture => {
      const picture = sheet(i, { factor: 6, left: 60, top: 20, right: 10, bottom: 80 });
      const { width, height } = picture;
      const data = picture.data.map((ink, at) => {
        const paper = 150 + 60 * ((at % width) / width) - 40 * (Math.floor(at / width) / height);
        return paper * (1 - (0.7 * ink) / 255) + 6 * noise(at);
      });
      for (let speck = 0; speck < 20; speck++) data[(speck * 7919 * 31) % data.length] = 0;
      return { ...picture, data };
    };
    const difference = differenceFrom(photographed);
    // A shift by one pixel makes 15, another digit 40.
    assert.ok(difference < 12, String(difference));
  });

  /** A sheet with the edge of a shadow across it, in which everything is 0.6 times as light, and something at its rim. */
  function inShadow(i: number, { paper, ink }: { paper: number; ink: number }): GrayPicture {
    const picture = sheet(i, { factor: 6, left: 50, top: 40, right: 50, bottom: 40 });
    const { width } = picture;
    const data = picture.data.map((amount, at) => {
      const [x, y] = [at % width, Math.floor(at / width)];
      const light = 1 - 0.4 / (1 + Math.exp(-(x + (i % 2 === 0 ? 0.5 : -0.5) * y - width / 2) / 4));
      const isRim = x < 6 && y > 60 && y < 100;
      const gray = isRim ? ink : paper + ((ink - paper) * amount) / 255;
      return Math.max(0, gray * light + 2 * noise(at));
    });
    return { ...picture, data };
  }

  for (const [name, colours] of [
    ['dark ink', { paper: 220, ink: 50 }],
    ['light ink', { paper: 60, ink: 240 }],
  ] as const) {
    it(`takes out the edges of shadows, and what comes in over the rim: ${name}`, () => {
      const difference = differenceFrom((i) => inShadow(i, colours));
      assert.ok(difference < 12, String(difference));
    });
  }

  it('makes pictures of other sizes, filled as asked', () => {
    const square = { width: 50, height: 50, data: new Uint8Array(2500) };
    for (let y = 10; y < 20; y++) square.data.fill(255, y * 50 + 10, y * 50 + 30);
    const [height, width] = [8, 16];
    const made = digitOf(square, { shape: [height, width], fill: 0.5 });
    assert.equal(made.length, height * width);
    const rows = Array.from({ length: height }, (_, y) => made.subarray(y * width, (y + 1) * width));
    // 20 x 10 pixels fill a box of 8 x 4.
    const counts = rows.map((row) => row.filter((value) => value === 255).length);
    assert.deepEqual(
      counts.filter((count) => count > 0),
      [8, 8, 8, 8],
    );
    assert.equal(made.filter((value) => value > 0).length, 32);
  });

  it('refuses a line of digits', () => {
    const line = { width: 300, height: 60, data: new Uint8Array(300 * 60) };
    for (let y = 20; y < 50; y++)
      for (const x of [20, 80, 140]) line.data.fill(255, y * 300 + x, y * 300 + x + 20);
    assert.throws(() => digitOf(line), hasCode('DATA_INVALID', '140 x 30'));
  });

  it('refuses two digits, beside or below each other, but not where more may be drawn', () => {
    const pairs = [
      [0, 15],
      [15, 0],
    ] as const;
    for (const [right, down] of pairs) {
      const data = new Uint8Array(100 * 100);
      for (const at of [0, 2]) {
        const [left, top] = [30 + at * right, 20 + at * down];
        for (let y = top; y < top + 24; y++) data.fill(255, y * 100 + left, y * 100 + left + 12);
      }
      const picture = { width: 100, height: 100, data };
      assert.throws(() => digitOf(picture), hasCode('DATA_INVALID', '2 marks'));
      assert.equal(digitOf(picture, { isUnfinished: true }).length, SIDE * SIDE);
    }
  });

  it('refuses a sheet with an edge of a shadow and nothing on it, and one of many marks', () => {
    const [width, height] = [160, 120];
    const gray = (x: number, y: number) => 210 * (1 - 0.3 / (1 + Math.exp(-(x + 0.4 * y - 90) / 3)));
    const blank = Uint8Array.from({ length: width * height }, (_, i) => {
      return gray(i % width, Math.floor(i / width)) + 3 * noise(i);
    });
    assert.throws(() => digitOf({ width, height, data: blank }), hasCode('DATA_INVALID', 'shows no digit'));
    const text = new Uint8Array(width * height).fill(230);
    for (let mark = 0; mark < 6; mark++) {
      for (let y = 0; y < 12; y++) {
        const start = (40 + 12 * mark + y) * width + 50 + 9 * mark;
        text.fill(20, start, start + 8);
      }
    }
    assert.throws(() => digitOf({ width, height, data: text }), hasCode('DATA_INVALID', '6 marks'));
  });

  it("takes MNIST's digits for one each, but for a few that fall apart", () => {
    const refused = Array.from({ length: test.size }, (_, i) => i).filter((i) => {
      try {
        digitOf(sheet(i, {}));
        return false;
      } catch {
        return true;
      }
    });
    assert.ok(refused.length <= 5, String(refused));
  });

  it('refuses a picture without ink, and data of another size', () => {
    for (const value of [() => 255, () => 0, () => 128, (i: number) => 128 + 12 * noise(i)]) {
      const data = Uint8Array.from({ length: 100 * 80 }, (_, i) => value(i));
      assert.throws(() => digitOf({ width: 100, height: 80, data }), hasCode('DATA_INVALID'));
    }
    const data = new Uint8Array(99);
    assert.throws(() => digitOf({ width: 10, height: 10, data }), hasCode('SHAPE_MISMATCH'));
    assert.throws(() => digitOf({ width: 0, height: 0, data: new Uint8Array() }), hasCode('SHAPE_MISMATCH'));
  });
});
