/**
 * How long `cnn train` takes from its start to the end of the first training step: `node dist/bench/first-step.js
 * [--runs N] [--model NAME] [--main FILE]`. Medians of N runs one after the other, the first one left out, as it warms the
 * disk's cache. `--main` measures another build.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median } from './statistics.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { bin } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { bin: { cnn: string } };

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '9' },
    model: { type: 'string', default: 'mlp' },
    main: { type: 'string', default: path.join(root, bin.cnn) },
  },
});

/** Ends the process after the first step, saying how much processor time it took. */
const HOOK = `
  import { subscribe } from 'node:diagnostics_channel';
  subscribe('cnn-node:span', ({ name }) => {
    if (name !== 'read losses') return;
    const { user, system } = process.cpuUsage();
    process.stdout.write(JSON.stringify({ since: performance.now(), user, system }) + '\\n', () => process.exit(0));
  });`;

interface FirstStep {
  /** Seconds from the start of the process. */
  readonly wall: number;
  /** Seconds of processor time. */
  readonly user: number;
  readonly system: number;
}

function measure(out: string): Promise<FirstStep> {
  return new Promise((resolve, reject) => {
    const hook = `data:text/javascript,${encodeURIComponent(HOOK)}`;
    const args = ['train', '--model', values.model, '--epochs', '1', '--seed', '1', '--out', out, '--quiet'];
    const began = performance.now();
    const child = spawn(process.execPath, ['--import', hook, values.main, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    let wall = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      wall ||= (performance.now() - began) / 1000;
      said += chunk;
    });
    child.on('error', reject);
    child.on('close', () => {
      try {
        const { user, system } = JSON.parse(said) as { user: number; system: number };
        resolve({ wall, user: user / 1e6, system: system / 1e6 });
      } catch {
        reject(new Error(`cnn train ended before its first step: ${said}`));
      }
    });
  });
}

const out = mkdtempSync(path.join(os.tmpdir(), 'cnn-first-step-'));
try {
  await measure(out);
  const all: FirstStep[] = [];
  for (let i = 0; i < Number(values.runs); i++) all.push(await measure(out));
  const middle = (key: keyof FirstStep) => median(all.map((one) => one[key])).toFixed(2);
  const fastest = Math.min(...all.map(({ wall }) => wall)).toFixed(2);
  console.log(
    `first step of ${values.model}: ${middle('wall')} s (fastest ${fastest}), processor time ${middle('user')} s user + ${middle('system')} s system; medians of ${all.length}`,
  );
} finally {
  rmSync(out, { recursive: true });
}
