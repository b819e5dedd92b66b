import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { lstat, lutimes, readlink, rename, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CnnError } from './errors.js';

/** The holder shows that it lives by touching the lock this often. */
const heartbeatMs = 5_000;
/** A lock of another machine (a shared home folder) that was not touched for this long is left over. */
const silenceMs = 60_000;
const pollMs = 200;

/** When a process began, in clock ticks since boot: tells a process from a later one with its number. Linux only. */
function startOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)!.split(' ')[19]!;
  } catch {
    return '';
  }
}

/** Whether a process of this machine runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether the process that a lock names is gone. */
async function isStale(file: string, holder: string): Promise<boolean> {
  const [host, pid, start] = holder.split('|');
  if (host === os.hostname()) {
    if (!isAlive(Number(pid))) return true;
    return start !== '' && start !== startOf(Number(pid));
  }
  const stat = await lstat(file).catch(() => undefined);
  return stat !== undefined && Date.now() - stat.mtimeMs > silenceMs;
}

/** Takes a lock away from a dead holder. If another process did so first, its new lock is put back. */
async function breakLock(file: string, staleHolder: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch {
    return;
  }
  const taken = await readlink(aside);
  if (taken !== staleHolder) await symlink(taken, file).catch(() => {});
  await rm(aside, { force: true });
}

/**
 * What the lock says of its holder; undefined where there is none.
 *
 * @throws CnnError WRITE_FAILED for something else in its place: a link that was copied as a file, say
 */
async function readHolder(file: string): Promise<string | undefined> {
  try {
    return await readlink(file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CnnError('WRITE_FAILED', `${file} is in the way of a lock`, {
      file,
      hint: 'Remove it, if nothing else uses it.',
      cause,
    });
  }
}

/** A lock that this process holds. */
export interface HeldLock {
  release(): Promise<void>;
}

/**
 * Takes a lock if no other process holds it. The lock is a symbolic link that names its holder (made in one step, never
 * half written) and does not outlive a holder that was killed.
 *
 * @returns undefined where another process holds it
 * @throws CnnError WRITE_FAILED for something else in its place; what the system throws where none can be made
 */
export async function tryLock(file: string): Promise<HeldLock | undefined> {
  const holder = `${os.hostname()}|${process.pid}|${startOf(process.pid)}|${randomUUID()}`;
  for (;;) {
    try {
      await symlink(holder, file);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const current = await readHolder(file);
    if (current === undefined) continue; // released meanwhile
    if (!(await isStale(file, current))) return undefined;
    await breakLock(file, current);
  }
  const heartbeat = setInterval(() => {
    const now = new Date();
    lutimes(file, now, now).catch(() => {});
  }, heartbeatMs);
  heartbeat.unref();
  return {
    async release() {
      clearInterval(heartbeat);
      const current = await readlink(file).catch(() => undefined);
      // What a failing disk keeps is recognised as left over once this process has ended.
      if (current === holder) await rm(file, { force: true }).catch(() => {});
    },
  };
}

/**
 * Keeps other processes, and other trainings of this one, from writing into a training's folder. A process that was
 * killed holds nothing.
 *
 * @param hint what to do where nothing can be written there
 * @throws CnnError LOCKED, WRITE_FAILED
 */
export async function lockTraining(folder: string, hint?: string): Promise<HeldLock> {
  const lock = await tryLock(path.join(folder, 'lock')).catch((cause: Error) => {
    if (cause instanceof CnnError) throw cause;
    throw new CnnError('WRITE_FAILED', `cannot write into ${folder} (${cause.message})`, {
      file: folder,
      hint,
      cause,
    });
  });
  if (lock !== undefined) return lock;
  throw new CnnError('LOCKED', `another process is training in ${folder}`, {
    file: folder,
    hint: 'Wait for it, or stop it.',
  });
}

/**
 * Runs work that only one process may do at a time; the others wait. It saves work and traffic; should two ever hold
 * the lock at once, each still builds in a folder of its own and renames it into place.
 *
 * @param onWait called once if another process holds the lock
 * @param work is told whether it had to wait
 */
export async function withLock<T>(
  file: string,
  options: { signal?: AbortSignal; onWait?: () => void },
  work: (waited: boolean) => Promise<T>,
): Promise<T> {
  let waited = false;
  let lock: HeldLock | undefined;
  for (;;) {
    options.signal?.throwIfAborted();
    lock = await tryLock(file);
    if (lock !== undefined) break;
    if (!waited) options.onWait?.();
    waited = true;
    await delay(pollMs, undefined, { signal: options.signal });
  }
  try {
    return await work(waited);
  } finally {
    await lock.release();
  }
}
