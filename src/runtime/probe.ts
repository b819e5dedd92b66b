import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CnnError } from '../errors.js';
import { cacheFolder } from './cache-folder.js';
import type { Device } from './context.js';
import { cpuFeatures } from './cpu.js';
import type { Library } from './library.js';

/** A library that loaded, opened a context and multiplied two matrices rightly. */
export interface ProbeResult {
  /** What the library itself says. */
  readonly version: string;
  /** What it saw when it was probed: list them again for what is there now. */
  readonly devices: readonly Device[];
  /** Whether this is what an earlier probe of the same files found. */
  readonly cached: boolean;
}

/** What the child process says: each step as it begins, and the findings at the end. */
export type ProbeReport =
  | { step: 'load' | 'context' | 'op' }
  | { step: 'done'; version: string; devices: readonly Device[] }
  | { step: 'failed'; reason: string };

export interface ProbeOptions {
  /** Runs the probe even if its result is known. Default false. */
  fresh?: boolean;
  /** Where the files will lie when somebody asks next: the verdict is kept for these paths. Default: as they are. */
  movedTo?: Library;
  env?: NodeJS.ProcessEnv;
}

/** What is kept of a probe; a failure only if the same files would fail again. */
type Verdict =
  | { usable: true; version: string; devices: readonly Device[] }
  | { usable: false; problem: string; hint: string; output: string };

const stepNames = {
  load: 'while it was loaded',
  context: 'while it opened a context',
  op: 'while it computed',
};
/** A cold library of 800 MB on a slow disk takes its time; what takes longer hangs. */
const timeoutMs = 120_000;

/** How to mend what the child's last words tell. */
function remedy(output: string): string {
  const missing = /(\S+\.so[.\d]*): cannot open shared object file/.exec(output)?.[1];
  if (missing?.startsWith('libstdc++')) return 'Install it: `apt-get install libstdc++6`.';
  if (missing !== undefined) return `Install the system library ${missing}.`;
  if (/GLIBC(XX)?_[\d.]+' not found/.test(output)) {
    return 'This system is older than the library: it needs glibc 2.27 and a libstdc++ of the same time.';
  }
  if (cpuFeatures()?.includes('avx') === false && process.arch === 'x64') {
    return 'This processor has no AVX, which TensorFlow needs; training runs on the WebAssembly fallback.';
  }
  return 'Run `cnn setup` to install a library that works here.';
}

/** How the child ended, and what it said. */
interface ChildEnd {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

/** Arguments and options that start the child. */
function childCommand(library: Library, env: NodeJS.ProcessEnv) {
  const child = fileURLToPath(new URL('./probe-child.js', import.meta.url));
  const { NODE_OPTIONS: _, ...rest } = env; // an --inspect-brk in it would stop the child for ever
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  return {
    args: [child, JSON.stringify(library)],
    options: {
      env: { ...rest, TF_CPP_MIN_LOG_LEVEL: '0', TF_FORCE_GPU_ALLOW_GROWTH: 'true' },
      stdio,
      timeout: timeoutMs,
      killSignal: 'SIGKILL' as const,
    },
  };
}

function runChild(library: Library, env: NodeJS.ProcessEnv): Promise<ChildEnd> {
  return new Promise((resolve) => {
    const { args, options } = childCommand(library, env);
    const probe = spawn(process.execPath, args, options);
    let stdout = '';
    let stderr = '';
    probe.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    probe.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-4000);
    });
    const end = (code: number | null, signal: NodeJS.Signals | null, error?: Error) =>
      resolve({ stdout, stderr, code, signal, error });
    probe.on('error', (error) => end(null, null, error));
    probe.on('close', end);
  });
}

function runChildSync(library: Library, env: NodeJS.ProcessEnv): ChildEnd {
  const { args, options } = childCommand(library, env);
  const child = spawnSync(process.execPath, args, { ...options, encoding: 'utf8' });
  const { stdout, stderr, status, signal, error } = child;
  // Beside what could not be started, spawnSync calls a child that ran out of time an error.
  return { stdout, stderr: stderr.slice(-4000), code: status, signal, error: signal ? undefined : error };
}

/** What the child's end means. `lasting` says whether another try could end differently. */
function judge({ stdout, stderr, code, signal, error }: ChildEnd): { verdict: Verdict; lasting: boolean } {
  const output = stderr.trim();
  const fail = (problem: string, lasting: boolean) => ({
    verdict: { usable: false as const, problem, hint: remedy(`${problem}\n${output}`), output },
    lasting,
  });
  if (error !== undefined) return fail(`could not be tried in a process of its own: ${error.message}`, false);
  const reports = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as ProbeReport);
  const last = reports.at(-1);
  if (last?.step === 'done') {
    const { version, devices } = last;
    return { verdict: { usable: true, version, devices }, lasting: true };
  }
  if (last?.step === 'failed') return fail(`is not usable: ${last.reason}`, true);
  const how = signal === null ? `ended with exit code ${code}` : `crashed (${signal})`;
  const where = last === undefined ? '' : ` ${stepNames[last.step]}`;
  const said = output.split('\n').at(-1);
  // SIGKILL is the time limit, or a system short of memory: neither is the library's lasting fault.
  return fail(`${how}${where}${said ? `: ${said}` : ''}`, signal !== null && signal !== 'SIGKILL');
}

const filesOf = (library: Library) => [library.cc, library.framework, ...library.preload];

/** Same files, same Node, same processor: same verdict. (A home folder may serve several machines.) */
function verdictFile(library: Library, at: Library, env: NodeJS.ProcessEnv): string {
  const hash = createHash('sha256');
  const paths = filesOf(at);
  for (const [index, file] of filesOf(library).entries()) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${paths[index]}\0${size}\0${mtimeMs}\0`);
  }
  hash.update(`${process.version}\0${process.arch}\0${os.cpus()[0]?.model ?? ''}`);
  return path.join(cacheFolder(env), 'probes', `${hash.digest('hex').slice(0, 32)}.json`);
}

function recall(file: string): Verdict | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Verdict;
  } catch {
    return undefined;
  }
}

/** Remembering is a convenience: a read-only or full cache folder costs a probe each time, nothing else. */
function remember(file: string, verdict: Verdict): void {
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    const temporary = `${file}.${randomUUID()}`;
    writeFileSync(temporary, JSON.stringify(verdict));
    renameSync(temporary, file);
  } catch {}
}

/** The file of this library's verdict, and the verdict if it is known. @throws LIBRARY_NOT_FOUND */
function lookUp(library: Library, { fresh = false, movedTo = library, env = process.env }: ProbeOptions) {
  const gone = filesOf(library).find((file) => !existsSync(file));
  if (gone !== undefined) {
    throw new CnnError('LIBRARY_NOT_FOUND', `${gone} is gone`, { hint: 'Run `cnn setup`.', path: gone });
  }
  const file = verdictFile(library, movedTo, env);
  return { file, env, known: fresh ? undefined : recall(file) };
}

/** Whether an earlier probe of the same files found them usable. Tries nothing. */
export function isKnownUsable(library: Library, env: NodeJS.ProcessEnv = process.env): boolean {
  return recall(verdictFile(library, library, env))?.usable === true;
}

/** Keeps what a child found, and gives it. */
function learn(file: string, end: ChildEnd): Verdict {
  const { verdict, lasting } = judge(end);
  if (lasting) remember(file, verdict);
  return verdict;
}

/** @throws LIBRARY_UNUSABLE */
function resultOf(library: Library, verdict: Verdict, cached: boolean): ProbeResult {
  if (verdict.usable) return { version: verdict.version, devices: verdict.devices, cached };
  throw new CnnError('LIBRARY_UNUSABLE', `libtensorflow at ${library.cc} ${verdict.problem}`, {
    hint: verdict.hint,
    path: library.cc,
    output: verdict.output,
  });
}

/**
 * Tries a library in a child process: loads it, opens a context, runs one op. A library that aborts (TensorFlow
 * does on a processor without AVX) or crashes ends the child, never the caller. The verdict is kept in the cache
 * folder, keyed by the files' paths, sizes and times, by Node and by processor.
 *
 * @throws LIBRARY_NOT_FOUND if a file is gone, LIBRARY_UNUSABLE with what happened and how to mend it
 * @example
 * const { version, devices } = await probeLibrary(findLibrary()!);
 */
export async function probeLibrary(library: Library, options: ProbeOptions = {}): Promise<ProbeResult> {
  const { file, env, known } = lookUp(library, options);
  return resultOf(library, known ?? learn(file, await runChild(library, env)), known !== undefined);
}

/** As `probeLibrary`, and the caller waits, a second or so where the verdict is not known. */
export function probeLibrarySync(library: Library, options: ProbeOptions = {}): ProbeResult {
  const { file, env, known } = lookUp(library, options);
  return resultOf(library, known ?? learn(file, runChildSync(library, env)), known !== undefined);
}
