import { isMainThread } from 'node:worker_threads';
import koffi from 'koffi';

/**
 * Sets an environment variable for native code, unless the user has set it. In a worker thread `process.env` is a
 * copy, which native code does not see.
 */
export function setNativeEnvironment(name: string, value: string): void {
  process.env[name] ??= value;
  if (isMainThread || process.platform === 'win32') return;
  const setenv = koffi.load(null).func('int setenv(const char* name, const char* value, int overwrite)');
  setenv(name, process.env[name], 0);
}
