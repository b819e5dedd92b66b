import koffi from 'koffi';
import { setLoadEnvironment } from './native-environment.js';

const RTLD_LAZY = 1;
const RTLD_NODELETE = process.platform === 'darwin' ? 0x80 : 0x1000;
const RTLD_GLOBAL = process.platform === 'darwin' ? 0x8 : 0x100;
const O_WRONLY = 1;
const DLOPEN = 'void* dlopen(const char* file, int flags)';

/**
 * Loads shared libraries for the life of the process. koffi unloads its libraries when Node ends, and TensorFlow
 * crashes then: its threads still run. A library opened with RTLD_NODELETE stays. TensorFlow prints a notice
 * about oneDNN on standard error while it loads, whatever its log level; standard error is closed to it meanwhile.
 *
 * @param files libraries in the order they are needed; all but the last are made visible to those after them
 * @returns the loader's message when one cannot be loaded
 */
export function pinLibraries(files: readonly string[]): string | undefined {
  if (process.platform === 'win32') return undefined;
  const libc = koffi.load(null);
  const dlopen = libc.func(DLOPEN);
  const dlerror = libc.func('const char* dlerror()');
  return silently(() => {
    for (const [index, file] of files.entries()) {
      if (dlopen(file, flagsFor(index, files)) === null) {
        return (dlerror() as string | null) ?? `cannot load ${file}`;
      }
    }
    return undefined;
  });
}

/**
 * As `pinLibraries`, on another thread. What the program writes to standard error meanwhile is lost. Tells of no failure:
 * who loads them again hears of it.
 */
export async function pinLibrariesAside(files: readonly string[]): Promise<void> {
  if (process.platform === 'win32') return;
  const dlopen = koffi.load(null).func(DLOPEN);
  const speakAgain = silence();
  try {
    for (const [index, file] of files.entries()) {
      await new Promise((resolve) => dlopen.async(file, flagsFor(index, files), resolve));
    }
  } finally {
    speakAgain();
  }
}

function flagsFor(index: number, files: readonly string[]): number {
  return RTLD_LAZY | RTLD_NODELETE | (index < files.length - 1 ? RTLD_GLOBAL : 0);
}

/**
 * Loads something of TensorFlow with standard error closed to it, and asks it to log errors only from then on; the
 * environment variable `TF_CPP_MIN_LOG_LEVEL=0` lets it speak.
 */
export function silently<T>(load: () => T): T {
  const speakAgain = silence();
  try {
    return load();
  } finally {
    speakAgain();
  }
}

/** Sets what TensorFlow reads while it loads, and closes standard error to it. @returns what opens that again */
function silence(): () => void {
  setLoadEnvironment();
  if (process.env.TF_CPP_MIN_LOG_LEVEL === '0' || process.platform === 'win32') return () => {};
  const libc = koffi.load(null);
  const dup = libc.func('int dup(int fd)');
  const dup2 = libc.func('int dup2(int from, int to)');
  const close = libc.func('int close(int fd)');
  const open = libc.func('int open(const char* path, int flags)');
  const saved = dup(2);
  const nowhere = open('/dev/null', O_WRONLY);
  dup2(nowhere, 2);
  return () => {
    dup2(saved, 2);
    close(saved);
    close(nowhere);
  };
}
