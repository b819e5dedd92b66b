import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';

const script = path.resolve('scripts/generate.mjs');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'generate-'));
  mkdirSync(path.join(folder, 'src', 'layers'), { recursive: true });
  mkdirSync(path.join(folder, 'src', 'activations'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(path.join(folder, 'src', file), text);
}

function generate(...args: string[]) {
  return spawnSync(process.execPath, [script, ...args], { cwd: folder, encoding: 'utf8' });
}

const CONV = `import { Base, type BaseOptions } from './base.js';

export interface Conv2DOptions extends BaseOptions {
  filters: number;
}

/** Slides a window. */
export class Conv2D extends Base {
  static readonly className = 'Conv2D';

  constructor(options: Conv2DOptions) {
    super(options);
  }
}
`;

const FLATTEN = `import { Base, type BaseOptions } from './base.js';

export class Flatten extends Base {
  static readonly className = 'Flatten';

  constructor({ name = 'flat' }: BaseOptions = {}) {
    super({ name });
  }
}
`;

const BASE = `export interface BaseOptions {
  name?: string;
}

export abstract class Base {}
`;

test('exports, factories with their documentation, and the table of classes', () => {
  write('layers/base.ts', BASE);
  write('layers/conv2d.ts', CONV);
  write('layers/flatten.ts', FLATTEN);
  assert.equal(generate().status, 0);
  const text = readFileSync(path.join(folder, 'src/layers/index.ts'), 'utf8');
  assert.ok(text.includes("export { Conv2D, type Conv2DOptions } from './conv2d.js';"), text);
  assert.ok(text.includes("import type { BaseOptions } from './base.js';"), text);
  assert.ok(text.includes('export const classes = {\n  Conv2D,\n  Flatten,\n};'), text);
  assert.ok(
    text.includes(`/** Slides a window. */
export function conv2d(options: Conv2DOptions): Conv2D {
  return new Conv2D(options);
}`),
    text,
  );
  assert.ok(text.includes('export function flatten(options?: BaseOptions): Flatten {'), text);
  assert.ok(!text.includes('class Base'), text);
});

test('activations are the functions from a tensor to a tensor', () => {
  write(
    'activations/relu.ts',
    'export function relu(x: tf.Tensor): tf.Tensor {\n}\nexport function helper(n: number) {\n}\n',
  );
  assert.equal(generate().status, 0);
  const text = readFileSync(path.join(folder, 'src/activations/index.ts'), 'utf8');
  assert.ok(text.includes('export const functions = {\n  relu,\n};'), text);
  assert.ok(!text.includes('helper'), text);
});

test('--check fails for a list that is stale or missing, and writes nothing', () => {
  write('layers/base.ts', BASE);
  write('layers/conv2d.ts', CONV);
  const missing = generate('--check');
  assert.equal(missing.status, 1);
  assert.match(missing.stderr, /layers\/index\.ts is stale/);
  generate();
  assert.equal(generate('--check').status, 0);
  write('layers/flatten.ts', FLATTEN);
  assert.equal(generate('--check').status, 1);
  const text = readFileSync(path.join(folder, 'src/layers/index.ts'), 'utf8');
  assert.ok(!text.includes('Flatten'), text);
});
