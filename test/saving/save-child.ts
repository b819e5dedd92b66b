// Saves checkpoints in a process of its own: `once VALUE SIZE`, saying what came of it, or `forever FIRST SIZE`, saying
// each value that is saved, until the process is killed.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { CnnError } from '../../src/errors.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { readCheckpoint, writeCheckpoint } from '../../src/saving/checkpoint.js';

const [folder, mode, first, size] = process.argv.slice(2);
const file = path.join(folder!, 'checkpoint.safetensors');

function save(value: number): Promise<void> {
  const tensors = new Map([
    ['a', new HostArray([Number(size)], new Float32Array(Number(size)).fill(value))],
    ['b', new HostArray([1000], new Int32Array(1000).fill(value))],
  ]);
  return writeCheckpoint(file, { tensors, state: { value } });
}

if (mode === 'forever') {
  for (let value = Number(first); ; value++) {
    await save(value);
    process.stdout.write(`${value}\n`);
  }
} else {
  const result = await save(Number(first)).then(
    () => ({ saved: Number(first) }),
    (error: CnnError) => ({ code: error.code, cause: (error.cause as NodeJS.ErrnoException).code }),
  );
  const { state } = await readCheckpoint(file);
  console.log(JSON.stringify({ ...result, found: state.value, names: readdirSync(folder!) }));
}
