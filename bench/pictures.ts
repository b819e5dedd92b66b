/** Pictures in CIFAR-10's shape whose classes can be learnt, and MNIST as CSV: files that the peers read. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const SIDE = 32;
const CLASSES = 10;

/** Numbers from 0 to 1, the same ones for a seed everywhere (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Stripes, whose direction and width are the class, of any colour and place, under noise. */
function draw(pixels: Uint8Array, label: number, next: () => number): void {
  const angle = ((label % 5) * Math.PI) / 5 + (next() - 0.5) * 0.4;
  const frequency = label < 5 ? 0.6 : 1.1;
  const [dx, dy] = [Math.cos(angle) * frequency, Math.sin(angle) * frequency];
  const phase = next() * 2 * Math.PI;
  const colour = [next(), next(), next()].map((c) => 5 + 20 * c);
  for (let i = 0; i < pixels.length; i++) {
    const [row, column] = [Math.floor(i / 3 / SIDE), Math.floor(i / 3) % SIDE];
    const stripe = Math.sin(dx * column + dy * row + phase) * colour[i % 3]!;
    pixels[i] = 128 + stripe + (next() - 0.5) * 200;
  }
}

function idx(type: number, dims: readonly number[], bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(4 + 4 * dims.length);
  head.set([0, 0, type, dims.length]);
  for (const [i, size] of dims.entries()) head.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([head, bytes]);
}

/**
 * Writes the four files, named as MNIST's. Three in ten training labels are drawn at random: so losses end near the
 * same value, above 1, instead of falling towards 0 by chance, and can be compared.
 */
export function writePictures(folder: string, train: number, test = 1000): void {
  mkdirSync(folder, { recursive: true });
  for (const [part, count, seed] of [
    ['train', train, 1],
    ['t10k', test, 2],
  ] as const) {
    const next = random(seed);
    const size = SIDE * SIDE * 3;
    const pixels = new Uint8Array(count * size);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
    for (let i = 0; i < count; i++) {
      draw(pixels.subarray(i * size, (i + 1) * size), labels[i]!, next);
      if (part === 'train' && next() < 0.3) labels[i] = next() * CLASSES;
    }
    writeFileSync(path.join(folder, `${part}-images-idx3-ubyte`), idx(8, [count, SIDE, SIDE, 3], pixels));
    writeFileSync(path.join(folder, `${part}-labels-idx1-ubyte`), idx(8, [count], labels));
  }
}

/** Writes the first test digits as `label,pixel0,...,pixel783`, with a row of names. */
export function writeCsv(file: string, mnist: string, rows: number): void {
  const images = readFileSync(path.join(mnist, 't10k-images-idx3-ubyte')).subarray(16);
  const labels = readFileSync(path.join(mnist, 't10k-labels-idx1-ubyte')).subarray(8);
  const lines = ['label', ...Array.from({ length: 784 }, (_, i) => `pixel${i}`)].join();
  const digits = Array.from(
    { length: rows },
    (_, i) => `${labels[i]},${images.subarray(i * 784, (i + 1) * 784).join()}`,
  );
  writeFileSync(file, `${[lines, ...digits].join('\n')}\n`);
}
