import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command line's program, as users run it. */
export const main = fileURLToPath(new URL('../../bundle/cnn.js', import.meta.url));

/** How a child process ended, and what it wrote. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface ChildOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  /** Default: none, as from /dev/null. */
  stdin?: string | Uint8Array;
  /** Called whenever something came on stderr, with all that came so far. */
  onStderr?: (child: ChildProcess, text: string) => void;
}

/** Runs `cnn` with these arguments, away from any terminal. */
export function cnn(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  return runNode([main, ...args], options);
}

/** Runs Node with these arguments. */
export function runNode(args: readonly string[], options: ChildOptions = {}): Promise<Ended> {
  const { cwd, env, stdin, onStderr } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, NODE_TEST_CONTEXT: undefined, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin.end(stdin);
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      onStderr?.(child, stderr);
    });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}
