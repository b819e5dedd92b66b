import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The network may be back after this time. */
const validMs = 10 * 60_000;

/** This process's own, by cache folder: there may be no folder to keep them in. */
const own = new Map<string, string>();

const fileIn = (cache: string) => path.join(cache, 'setup-failed.txt');

/** Notes why nothing could be installed, so that not every command of the next minutes tries it and fails. */
export function rememberFailure(cache: string, reason: string): void {
  own.set(cache, reason);
  try {
    writeFileSync(fileIn(cache), reason);
  } catch {
    // No folder, no room, no permission: then it fails as quickly the next time.
  }
}

/** After a success. */
export function forgetFailure(cache: string): void {
  own.delete(cache);
  rmSync(fileIn(cache), { force: true });
}

/** Why nothing could be installed a short time ago, if so. */
export function recentFailure(cache: string): string | undefined {
  try {
    const age = Date.now() - statSync(fileIn(cache)).mtimeMs;
    if (age >= 0 && age < validMs) return readFileSync(fileIn(cache), 'utf8');
  } catch {
    // None is the usual case.
  }
  return own.get(cache);
}
