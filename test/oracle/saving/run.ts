// Models go both ways between this package and real Keras, and go on there as they would have here.
//
//   npm run oracle:saving -- [--python .venv/bin/python] [--count 200] [--first 0] [--keep FOLDER]
//   npm run oracle:saving -- --count 40 --fixture test/saving/fixtures/keras.zip     what Keras saved, for the tests
//
// Each random model (specs.ts) is built, trained and saved by both. Then each side loads what the other saved, and
// what it had loaded and saved again; predictions and the next training steps must be the same.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { zipSync } from 'fflate';
import { loadModel } from '../../../src/models/load.js';
import { ready } from '../../../src/runtime/backend.js';
import { difference, type Outcome } from './compare.js';
import { after, build, STEPS_BEFORE, train } from './our-side.js';
import { makeSpec, type Spec } from './specs.js';

const SCRIPT = 'test/oracle/saving/keras_side.py';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    count: { type: 'string', default: '200' },
    first: { type: 'string', default: '0' },
    keep: { type: 'string' },
    fixture: { type: 'string' },
  },
});
const folder = values.keep ?? mkdtempSync(path.join(tmpdir(), 'cnn-oracle-'));
mkdirSync(folder, { recursive: true });
const specs = Array.from({ length: Number(values.count) }, (_, i) => makeSpec(Number(values.first) + i));

function keras(command: 'make' | 'check'): void {
  const { status } = spawnSync(values.python, ['-B', SCRIPT, command, folder], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`${SCRIPT} ${command} failed`);
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
}

const failures: string[] = [];

function report(way: string, spec: Spec, problem: string | undefined): void {
  if (problem !== undefined) failures.push(`${way} ${spec.name}: ${problem}`);
}

async function oursFromKeras(spec: Spec, i: number, expected: Outcome): Promise<void> {
  const model = await loadModel(path.join(folder, `keras_${i}.keras`));
  await model.save(path.join(folder, `again_${i}.keras`));
  report('Keras -> here', spec, difference(spec, expected, await after(model, spec)));
  model.dispose();
}

async function saveOurs(spec: Spec, i: number): Promise<Outcome> {
  const model = build(spec);
  await train(model, spec, STEPS_BEFORE);
  await model.save(path.join(folder, `ours_${i}.keras`));
  const outcome = await after(model, spec);
  model.dispose();
  return outcome;
}

await ready();
writeFileSync(path.join(folder, 'specs.json'), JSON.stringify(specs));
keras('make');
const byKeras = read<Outcome[]>('keras.json');
const byUs: Outcome[] = [];
for (const [i, spec] of specs.entries()) {
  await oursFromKeras(spec, i, byKeras[i]!).catch((error) => report('Keras -> here', spec, String(error)));
  byUs.push(await saveOurs(spec, i));
}
keras('check');
type Checked = Outcome & { error?: string };
const checked = read<Record<'ours' | 'again', Checked[]>>('checked.json');
for (const [i, spec] of specs.entries()) {
  const ours = checked.ours[i]!;
  report('here -> Keras', spec, ours.error ?? difference(spec, byUs[i]!, ours));
  const again = checked.again[i]!;
  report('Keras -> here -> Keras', spec, again.error ?? difference(spec, byKeras[i]!, again));
}
for (const failure of failures) console.log(failure);
console.log(`${specs.length} models each way, ${failures.length} differences`);
if (values.fixture !== undefined) {
  const names = ['specs.json', 'keras.json', ...specs.map((_, i) => `keras_${i}.keras`)];
  const files = Object.fromEntries(
    names.map((name) => [name, new Uint8Array(readFileSync(path.join(folder, name)))]),
  );
  writeFileSync(values.fixture, zipSync(files, { level: 9, mtime: '2026-01-01' }));
}
if (values.keep === undefined) rmSync(folder, { recursive: true });
process.exitCode = failures.length === 0 ? 0 : 1;
