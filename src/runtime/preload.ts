// First: it sets how much stack koffi gives to native code.
import './capi.js';
import { findLibrary } from './library.js';
import { pinLibrariesAside } from './pin-library.js';
import { isKnownUsable } from './probe.js';

/**
 * Loads the libtensorflow that the runtime is going to open on another thread, which takes a quarter of a second, while the
 * program loads the rest of its own code. Only one that is known to work here; any other is left to the runtime, as is
 * every complaint. Standard error is closed meanwhile.
 */
export async function preload(): Promise<void> {
  const { CNN_BACKEND: backend = '' } = process.env;
  if (backend !== '' && backend !== 'libtensorflow') return;
  try {
    const library = findLibrary();
    if (library === undefined || !isKnownUsable(library)) return;
    await pinLibrariesAside([...library.preload, library.cc]);
  } catch {}
}
