import { CnnError } from '../errors.js';
import { cacheFolder } from './cache-folder.js';
import type { Library } from './library.js';
import { unsupportedPlatform } from './platform.js';
import { probeLibrary } from './probe.js';
import { forgetFailure, rememberFailure } from './setup/failure.js';
import { install, type Recipe, type SetupProgress } from './setup/install.js';
import { pinnedVersion, wheels } from './setup/wheels.js';

export type { SetupProgress } from './setup/install.js';

/** What `setup` takes. */
export interface SetupOptions {
  /** A wheel or a TensorFlow C archive (.tar.gz), or its http(s) address. Default: pip downloads the pinned wheel. */
  from?: string;
  /** sha256 of what `from` names, in hex, for an archive other than the pinned wheel. Without it one is refused. */
  sha256?: string;
  /** The CUDA build with the NVIDIA libraries that it needs: 2.5 GB to download. Linux x64 only. Default false. */
  gpu?: boolean;
  /** Called often, with bytes done and to do. */
  onProgress?: (progress: SetupProgress) => void;
  /** Stops the work, and leaves nothing half done. */
  signal?: AbortSignal;
  /** Environment variables. Default: those of the process. */
  env?: NodeJS.ProcessEnv;
}

/** What setup installs on this machine. */
function recipeFor(gpu: boolean): Recipe {
  const unsupported = unsupportedPlatform();
  if (unsupported !== undefined) throw unsupported;
  const platform = `${process.platform}-${process.arch}-${gpu ? 'gpu' : 'cpu'}`;
  const list = wheels[platform];
  if (list === undefined) {
    throw new CnnError('SETUP_UNSUPPORTED_PLATFORM', 'there is no CUDA build for this system', {
      expected: 'linux-x64',
      received: `${process.platform}-${process.arch}`,
      hint: 'Run `cnn setup` without --gpu.',
    });
  }
  return { name: `libtensorflow-${pinnedVersion}-${platform}`, version: pinnedVersion, wheels: list };
}

/**
 * Installs libtensorflow into the cache folder (`$CNN_CACHE`, or the user's own): has pip download the pinned
 * wheel, takes the two libraries out, checks every byte by sha256, tries them in a child process and puts them in
 * place as one folder. Needs 1.2 GB while it works and leaves 0.7 GB; takes about 15 seconds after the download.
 * Can be interrupted at any time, called again, and called by several processes at once. Returns at once when the
 * library is there and works (unless `from` is given: then it is installed anew).
 *
 * @throws SETUP_UNSUPPORTED_PLATFORM, SETUP_DOWNLOAD_FAILED (no pip, no network), SETUP_CORRUPT, SETUP_NO_SPACE,
 *   WRITE_FAILED, FILE_NOT_FOUND (`from`), LIBRARY_UNUSABLE (does not run here), ABORTED
 * @example
 * const { cc } = await setup({ onProgress: ({ phase, bytes, total }) => console.error(phase, bytes, total) });
 */
export async function setup(options: SetupOptions = {}): Promise<Library> {
  const { gpu = false, env = process.env, ...rest } = options;
  const cache = cacheFolder(env);
  try {
    const library = await install(recipeFor(gpu), {
      ...rest,
      env,
      cache,
      check: async (candidate, installed) =>
        (await probeLibrary(candidate, { env, movedTo: installed })).version,
    });
    forgetFailure(cache);
    return library;
  } catch (error) {
    const { code, message } = error as CnnError;
    // What only CUDA's build, or a certain archive, could not do says nothing of the usual way.
    if (code !== 'ABORTED' && !gpu && options.from === undefined) rememberFailure(cache, message);
    throw error;
  }
}
