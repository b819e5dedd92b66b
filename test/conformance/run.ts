/**
 * Runs tfjs-core's own kernel specs on our backend: `npm run test:conformance [-- [--traced] [PATTERN]]`.
 * It skips what tfjs-node's own runner ignores, read from tfjs-node's source, and nothing else. With `--traced` each
 * op is traced, compiled and called, as in jit.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import jasmineCore, { type SpecResult } from 'jasmine-core';
import { ready, setDevice } from '../../src/runtime/backend.js';
import { native } from '../../src/runtime/native.js';
import * as tf from '../../src/tf.js';
import { DIFFERENT_WHEN_TRACED, traceEveryOp } from './traced.js';

/** tfjs-core 4.22 holds 4,230 specs; far fewer mean that the bundle lost them. */
const FEWEST_SPECS = 4_000;

/** The `IGNORE_LIST` of tfjs-node's `run_tests.ts`: a spec whose full name holds one of these is not run. */
function ignoreList(): string[] {
  const manifest = createRequire(import.meta.url).resolve('@tensorflow/tfjs-node/package.json');
  const source = readFileSync(path.join(path.dirname(manifest), 'src/run_tests.ts'), 'utf8');
  const list = /IGNORE_LIST: string\[\] = \[(.*?)\n\];/s.exec(source)?.[1];
  if (list === undefined) throw new Error('tfjs-node/src/run_tests.ts holds no IGNORE_LIST.');
  return [...list.matchAll(/^ *'(.*)',/gm)].map((match) => match[1]!);
}

const { values, positionals } = parseArgs({
  options: { traced: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [pattern] = positionals;
const wanted = new RegExp(pattern ?? '');
const ignored = [...ignoreList(), ...(values.traced ? DIFFERENT_WHEN_TRACED : [])];

await setDevice('cpu');
const { backend, version } = await ready();
if (backend !== 'libtensorflow') throw new Error(`The specs are to run on libtensorflow, not on ${backend}.`);

const environment = jasmineCore.boot().getEnv();
environment.configure({
  random: false,
  forbidDuplicateNames: false, // tfjs-core repeats some
  specFilter: (spec) => {
    const name = spec.getFullName();
    return wanted.test(name) && !ignored.some((part) => name.includes(part));
  },
});
if (values.traced) traceEveryOp(native()!.binding);
const results: SpecResult[] = [];
environment.addReporter({ specDone: (result) => results.push(result) });

await import(new URL('specs.js', import.meta.url).href);
if ((globalThis as { _tfengine?: unknown })._tfengine !== tf.engine()) {
  throw new Error('The specs have an engine of their own: they would not test our backend.');
}
console.log(`tfjs-core's specs on ${backend} ${version}, Node ${process.version}`);
const started = performance.now();
const { overallStatus, incompleteReason } = await environment.execute();

const failed = results.filter(({ status }) => status === 'failed');
const passed = results.filter(({ status }) => status === 'passed').length;
const report = failed.map(
  ({ fullName, failedExpectations }) =>
    `${fullName}\n${failedExpectations.map(({ message, stack }) => `${message}\n${stack}`).join('\n')}\n`,
);
writeFileSync(new URL('failures.txt', import.meta.url), report.join('\n'));
for (const { fullName, failedExpectations } of failed) {
  console.log(`FAILED ${fullName}\n    ${failedExpectations.map(({ message }) => message).join('\n    ')}`);
}
if (failed.length > 0) console.log('With stacks: dist/test/conformance/failures.txt');
if (incompleteReason !== undefined) console.log(`Incomplete: ${incompleteReason}`);
const lost = pattern === undefined && results.length < FEWEST_SPECS;
if (lost) console.log(`Only ${results.length} specs were found, at least ${FEWEST_SPECS} expected.`);
if (overallStatus !== 'passed' || lost || passed === 0) process.exitCode = 1;
console.log(`${((performance.now() - started) / 1000).toFixed(1)} s`);
console.log(`${passed} passed, ${failed.length} failed, ${results.length - passed - failed.length} skipped`);
