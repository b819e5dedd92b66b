import { CnnError } from '../errors.js';
import { cacheFolder } from '../runtime/cache-folder.js';
import { type FindLibraryOptions, findLibrary } from '../runtime/library.js';
import { hasNvidiaDriver, unsupportedPlatform } from '../runtime/platform.js';
import { recentFailure } from '../runtime/setup/failure.js';
import { pinnedVersion } from '../runtime/setup/wheels.js';
import { setup } from '../runtime/setup.js';
import type { Output } from './output.js';
import { setupProgress } from './setup-progress.js';

/**
 * Sees to it, where a command is about to compute, that there is a libtensorflow: one found as ever, or else
 * installed now. When that is not to be had, or was not a few minutes ago, it just returns: the fallback computes
 * then, and the runtime says so, and why, as it starts.
 * Only commands call this; a program that imports the package downloads nothing unless it calls `setup`.
 *
 * @throws LIBRARY_NOT_FOUND, LIBRARY_UNUSABLE for a wrong CNN_LIBTENSORFLOW; ABORTED
 */
export async function ensureLibrary(
  output: Output,
  options: Pick<FindLibraryOptions, 'env' | 'cwd'> & { signal?: AbortSignal } = {},
): Promise<void> {
  const { env, cwd, signal } = options;
  if (findLibrary({ env, cwd }) !== undefined) return;
  if (unsupportedPlatform() !== undefined || recentFailure(cacheFolder(env)) !== undefined) return;
  const gpu = hasNvidiaDriver() ? ' For the GPU, run `cnn setup --gpu` afterwards.' : '';
  output.info(`First use: installing TensorFlow ${pinnedVersion} into ${cacheFolder(env)}.${gpu}`);
  const { onProgress, end } = setupProgress(output);
  try {
    await setup({ env, onProgress, signal });
    end();
  } catch (error) {
    end();
    if (!(error instanceof CnnError) || error.code === 'ABORTED') throw error;
  }
}
