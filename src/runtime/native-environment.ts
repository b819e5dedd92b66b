import { isMainThread } from 'node:worker_threads';
import koffi from 'koffi';
import { cpuFeatures } from './cpu.js';

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

/** What TensorFlow reads while it loads. */
export function setLoadEnvironment(): void {
  // Errors only.
  setNativeEnvironment('TF_CPP_MIN_LOG_LEVEL', '2');
  // TensorFlow takes oneDNN's kernels by itself only where a processor has more than AVX2 (AVX512-VNNI, AMX).
  const isLeftOut = process.arch === 'x64' && cpuFeatures()?.includes('avx2');
  if (isLeftOut) setNativeEnvironment('TF_ENABLE_ONEDNN_OPTS', '1');
}
