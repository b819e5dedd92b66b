import { CnnError } from '../errors.js';
import { Binding } from './binding.js';
import { openLibrary } from './capi.js';
import type { ContextOptions } from './context.js';
import { findLibraries, type Library } from './library.js';
import { setNativeEnvironment } from './native-environment.js';
import { probeLibrarySync } from './probe.js';
import { threadsFor } from './threads.js';

/** libtensorflow, opened. */
export interface NativeStart {
  readonly binding: Binding;
  readonly library: Library;
}

/**
 * Opens the first libtensorflow that is found and passes its probe.
 *
 * @param gpu only one built for GPUs will do
 * @returns what was opened, or why the best of those found is not usable; undefined where none is found
 * @throws CnnError LIBRARY_NOT_FOUND, LIBRARY_UNUSABLE for an explicit path: what was asked for is not replaced
 */
export function startNative(gpu: boolean, options: ContextOptions): NativeStart | CnnError | undefined {
  let problem: CnnError | undefined;
  for (const library of findLibraries({ variant: gpu ? 'gpu' : 'any' })) {
    try {
      probeLibrarySync(library);
      // Without this TensorFlow takes all of the GPU's memory. What follows was not yet run on a GPU.
      if (library.variant === 'gpu') setNativeEnvironment('TF_FORCE_GPU_ALLOW_GROWTH', 'true');
      const onGpu = library.variant === 'gpu' && options.cpuOnly !== true;
      const threads = onGpu ? {} : threadsFor(options);
      return {
        binding: new Binding(openLibrary(library.cc, library.preload), { ...options, ...threads }),
        library,
      };
    } catch (error) {
      if (!(error instanceof CnnError) || library.source === 'explicit') throw error;
      problem ??= error;
    }
  }
  return problem;
}
