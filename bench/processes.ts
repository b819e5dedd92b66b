/** Child processes that print one line of JSON. */
import { spawn } from 'node:child_process';
import { reason } from './environment.js';
import type { Command } from './peers.js';

export interface Finished<T> {
  /** From the start of the process to its end. */
  readonly wallSeconds: number;
  /** What it printed on its last line. */
  readonly result: T;
}

/** Runs a program with its arguments; fails with what it wrote where its status is not 0, and after `limit` seconds. */
export function finish<T>(
  { program, env }: Pick<Command, 'program' | 'env'>,
  args: readonly string[],
  limit = 300,
): Promise<Finished<T>> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: Math.ceil(limit * 1000),
      killSignal: 'SIGKILL',
    });
    let out = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      errors = (errors + chunk).slice(-4000);
    });
    child.on('error', reject);
    child.on('close', (status, signal) => {
      const wallSeconds = (performance.now() - started) / 1000;
      if (wallSeconds >= limit && signal === 'SIGKILL') {
        reject(new Error(`took longer than ${Math.round(limit)} s`));
        return;
      }
      if (status === 0) resolve({ wallSeconds, result: JSON.parse(out.trim().split('\n').at(-1)!) });
      else reject(new Error(`ended with status ${status}: ${reason(errors)}`));
    });
  });
}
