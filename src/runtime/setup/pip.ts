import { spawn } from 'node:child_process';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CnnError } from '../../errors.js';
import { findPip, type PipCommand } from '../python.js';
import type { Wheel } from './wheels.js';

const pollMs = 200;
/** Who hears nothing for so long will hear nothing: pip's own limit may be one of hours. A slow mirror answers before. */
export const silenceMs = 120_000;

/** `tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl` as what pip is asked for. */
function requirementOf(wheel: Wheel): { requirement: string; tags: string[] } {
  const [project, version, , , platforms] = wheel.file.replace(/\.whl$/, '').split('-');
  return {
    requirement: `${project!.replaceAll('_', '-')}==${version}`,
    tags: platforms!.split('.').flatMap((tag) => ['--platform', tag]),
  };
}

/** pip's words without the addresses in them: they may be private, and hold passwords. */
function redact(text: string): string {
  return text
    .replace(/\b[a-z][a-z+]*:\/\/\S+/gi, '<address>')
    .replace(/host='[^']*'/g, "host='...'")
    .replace(/\b[\w-]+(\.[\w-]+)+:\d+\b/g, '<address>');
}

const unreachable =
  /NewConnectionError|name resolution|Name or service|nodename nor servname|timed out|Timeout|Connection (refused|reset|aborted|broken)|ProxyError|SSLError|CERTIFICATE|Max retries|Retrying|Network is unreachable|IncompleteRead|ProtocolError/i;

/** What is said for a pip that was stopped, as if it had said so. */
const silence = `ERROR: nothing came for ${silenceMs / 60_000} minutes: timed out`;

function failure(wheel: Wheel, requirement: string, output: string): CnnError {
  const elsewhere = `or get ${wheel.file} some other way and run \`cnn setup --from FILE\`.`;
  const lines = redact(output).trim().split('\n');
  const said = (lines.filter((line) => line.startsWith('ERROR:')).at(-1) ?? lines.at(-1) ?? '').replace(
    /^ERROR: /,
    '',
  );
  const error = (
    code: 'SETUP_DOWNLOAD_FAILED' | 'SETUP_CORRUPT' | 'SETUP_NO_SPACE',
    problem: string,
    hint: string,
  ) => new CnnError(code, problem, { hint, file: wheel.file, pip: said });
  if (/DO NOT MATCH THE HASHES/.test(output)) {
    return error(
      'SETUP_CORRUPT',
      `what pip downloaded is not ${wheel.file}: its sha256 differs`,
      'Run `cnn setup` again.',
    );
  }
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return error(
      'SETUP_NO_SPACE',
      'the disk filled up while pip downloaded',
      'Free some space, or set CNN_CACHE.',
    );
  }
  if (unreachable.test(output)) {
    return error(
      'SETUP_DOWNLOAD_FAILED',
      'pip could not reach its package index',
      `Check the network and pip's proxy settings, ${elsewhere}`,
    );
  }
  if (/No matching distribution|Could not find a version/.test(output)) {
    return error(
      'SETUP_DOWNLOAD_FAILED',
      `pip's package index has no ${requirement}`,
      `Use another index, ${elsewhere}`,
    );
  }
  return error('SETUP_DOWNLOAD_FAILED', `pip failed: ${said}`, `Mend that, ${elsewhere}`);
}

/** Bytes in all files below a folder: how far pip is, since it does not tell. */
async function bytesBelow(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const sizes = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) =>
        stat(path.join(entry.parentPath ?? entry.path, entry.name)).then(
          (s) => s.size,
          () => 0,
        ),
      ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

function requirePip(env: NodeJS.ProcessEnv, wheel: Wheel): PipCommand {
  const pip = findPip(env);
  if (pip !== undefined) return pip;
  throw new CnnError('SETUP_DOWNLOAD_FAILED', 'there is no pip to download TensorFlow with', {
    hint: `Install it (Debian: \`apt-get install python3-pip\`), or get ${wheel.file} some other way and run \`cnn setup --from FILE\`.`,
    file: wheel.file,
  });
}

/**
 * Has pip download one wheel, by exact version, tags and sha256, whatever Python is there. The user's own index,
 * mirror, proxy and certificates apply. Nothing is installed and no code of the wheel runs.
 *
 * @param work an empty folder for pip's own temporary files and the result
 * @returns path of the wheel in `work`; its hash is for the caller to check
 * @throws SETUP_DOWNLOAD_FAILED without pip, without network, or when the index lacks it
 */
export async function pipDownload(
  wheel: Wheel,
  work: string,
  options: { env: NodeJS.ProcessEnv; onBytes: (bytes: number) => void; signal?: AbortSignal },
): Promise<string> {
  const { env, onBytes, signal } = options;
  const pip = requirePip(env, wheel);
  onBytes(0);
  const temporary = path.join(work, 'tmp');
  const result = path.join(work, 'wheel');
  await mkdir(temporary, { recursive: true });
  const { requirement, tags } = requirementOf(wheel);
  const list = path.join(work, 'requirements.txt');
  await writeFile(list, `${requirement} --hash=sha256:${wheel.sha256}\n`);
  const args = [
    ...['download', '--no-deps', '--only-binary=:all:'],
    ...['--python-version', '3.11', '--implementation', 'cp', '--abi', 'cp311', ...tags],
    // 270 MB in pip's cache would serve nobody again.
    ...[
      '--no-cache-dir',
      '--no-input',
      '--disable-pip-version-check',
      '--progress-bar',
      'off',
      '--retries',
      '2',
    ],
    ...['--dest', result, '--requirement', list],
  ];
  signal?.throwIfAborted();
  const child = spawn(pip.program, [...pip.args, ...args], {
    env: { ...env, TMPDIR: temporary, PIP_REQUIRE_VIRTUALENV: '0' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  // The whole group: python3 may be a version manager's script, with the real one below it.
  const stop = () => {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (child.pid !== undefined && !hasEnded) process.kill(-child.pid, 'SIGTERM');
  };
  signal?.addEventListener('abort', stop, { once: true });
  let there = 0;
  let silentPolls = 0;
  const hasStalled = () => silentPolls * pollMs >= silenceMs;
  const poll = setInterval(async () => {
    const bytes = Math.min(await bytesBelow(temporary), wheel.size);
    silentPolls = bytes === there ? silentPolls + 1 : 0;
    there = bytes;
    onBytes(bytes);
    if (hasStalled()) stop();
  }, pollMs);
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-16_000);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', reject).on('close', resolve);
    });
    signal?.throwIfAborted();
    if (code !== 0) throw failure(wheel, requirement, hasStalled() ? silence : output);
  } finally {
    clearInterval(poll);
    signal?.removeEventListener('abort', stop);
  }
  return path.join(result, wheel.file);
}
