import { existsSync } from 'node:fs';
import { CnnError } from '../errors.js';
import { cpuFeatures } from './cpu.js';
import { elfInterpreter } from './elf.js';

/** Alpine and its like: Node itself then names musl's loader, and TensorFlow's libraries need glibc's. */
function isMusl(): boolean {
  return process.platform === 'linux' && (elfInterpreter(process.execPath)?.includes('ld-musl') ?? false);
}

const fallback = 'Without it everything still runs, slower, on the WebAssembly fallback.';

/** Why no libtensorflow is published for this machine, and what to do instead; undefined where there is one. */
export function unsupportedPlatform(
  platform: string = process.platform,
  arch: string = process.arch,
  musl: boolean = isMusl(),
  cpu: readonly string[] | undefined = cpuFeatures(),
): CnnError | undefined {
  const refuse = (problem: string, hint: string) =>
    new CnnError('SETUP_UNSUPPORTED_PLATFORM', problem, { hint: `${hint} ${fallback}`, platform, arch });
  if (platform === 'linux' && musl) {
    return refuse(
      'there is no TensorFlow for musl Linux (Alpine)',
      'Use an image with glibc, such as node:22-slim in place of node:22-alpine.',
    );
  }
  if (platform === 'win32') {
    return refuse(
      'there is no TensorFlow library for Windows that loads without Python',
      'Use WSL 2: `wsl --install`.',
    );
  }
  if (platform === 'darwin' && arch === 'x64') {
    return refuse(
      'TensorFlow has published nothing for Macs with Intel processors since 2.16',
      'Set CNN_LIBTENSORFLOW to a libtensorflow that you have.',
    );
  }
  if (arch === 'x64' && cpu?.includes('avx') === false) {
    return refuse('this processor has no AVX, and TensorFlow aborts without it', 'Use a machine with AVX.');
  }
  if (
    (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) ||
    (platform === 'darwin' && arch === 'arm64')
  ) {
    return undefined;
  }
  return refuse(
    `TensorFlow publishes no library for ${platform} ${arch}`,
    'Set CNN_LIBTENSORFLOW to a libtensorflow built for it.',
  );
}

/** Whether an NVIDIA driver is loaded. Cheap, and only a hint: what counts is what the library then sees. */
export function hasNvidiaDriver(): boolean {
  return existsSync('/proc/driver/nvidia/version') || existsSync('/dev/nvidiactl') || existsSync('/dev/dxg');
}
