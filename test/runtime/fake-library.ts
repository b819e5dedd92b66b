import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

const mac = process.platform === 'darwin';
/** The names under which the two libraries lie on this system. */
export const ccName = mac ? 'libtensorflow_cc.2.dylib' : 'libtensorflow_cc.so.2';
export const frameworkName = mac ? 'libtensorflow_framework.2.dylib' : 'libtensorflow_framework.so.2';

/** A folder that goes when the test ends. */
export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'cnn-node-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Two files that look like a libtensorflow, to whoever does not load them. */
export function fakeLibrary(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const magic = Buffer.from(mac ? 'cffaedfe' : '7f454c46', 'hex');
  for (const name of [ccName, frameworkName]) writeFileSync(path.join(folder, name), magic);
  return path.join(folder, ccName);
}

/** An environment in which nothing of this machine is found: no cache, no Python. */
export function bareEnvironment(folder: string): NodeJS.ProcessEnv {
  return { HOME: folder, CNN_CACHE: path.join(folder, 'cache'), PATH: path.join(folder, 'bin') };
}
