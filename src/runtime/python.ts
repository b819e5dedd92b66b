import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync } from 'node:fs';
import path from 'node:path';

/** An executable on the search path, as a shell would find it. */
function which(name: string, env: NodeJS.ProcessEnv): string | undefined {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    if (folder === '') continue;
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {}
  }
  return undefined;
}

/** `lib/python3.*` below an environment's root, newest first, each with its package folder. */
function packageFoldersOf(prefix: string): string[] {
  try {
    const lib = path.join(prefix, 'lib');
    return readdirSync(lib)
      .filter((name) => /^python3\.\d+$/.test(name))
      .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
      .map((name) => path.join(lib, name, 'site-packages'));
  } catch {
    return [];
  }
}

/** What `python3` on the path searches. It is asked, since version managers put a script in its place. */
function searchPathOfPython(env: NodeJS.ProcessEnv): string[] {
  const python = which('python3', env);
  // On a Mac without developer tools this one opens a dialog that offers to install them.
  if (python === undefined || (process.platform === 'darwin' && python === '/usr/bin/python3')) return [];
  const { status, stdout } = spawnSync(python, ['-c', 'import sys; print("\\n".join(sys.path))'], {
    env,
    encoding: 'utf8',
    timeout: 5000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return status === 0 ? stdout.split('\n').filter((line) => path.isAbsolute(line)) : [];
}

/** Folders in which Python environments keep packages, nearest first: active, in the working folder, on the path. */
export function* pythonPackageFolders(env: NodeJS.ProcessEnv, cwd: string): Generator<string> {
  for (const prefix of [env.VIRTUAL_ENV, env.CONDA_PREFIX, path.join(cwd, '.venv')]) {
    if (prefix) yield* packageFoldersOf(prefix);
  }
  yield* searchPathOfPython(env);
}

/** A command that runs pip: program and leading arguments. */
export interface PipCommand {
  readonly program: string;
  readonly args: readonly string[];
}

/** The first pip that answers, or undefined. Takes about 0.3 s, which is what pip takes to start. */
export function findPip(env: NodeJS.ProcessEnv = process.env): PipCommand | undefined {
  const candidates: [string, string[]][] = [
    ['python3', ['-m', 'pip']],
    ['python', ['-m', 'pip']],
    ['pip3', []],
    ['pip', []],
  ];
  for (const [name, args] of candidates) {
    const program = which(name, env);
    if (program === undefined) continue;
    const { status } = spawnSync(program, [...args, '--version'], { env, timeout: 20_000, stdio: 'ignore' });
    if (status === 0) return { program, args };
  }
  return undefined;
}
