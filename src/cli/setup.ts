import { CnnError } from '../errors.js';
import { setup as installLibrary } from '../runtime/setup.js';
import { type ExitCode, exitCodes } from './exit-codes.js';
import type { Values } from './option.js';
import type { setupOptions } from './options.js';
import type { Output } from './output.js';
import { setupProgress } from './setup-progress.js';
import { StopSignals } from './stop-signals.js';

/** `cnn setup`: installs libtensorflow, and says where it lies. */
export async function setup(values: Values<typeof setupOptions>, output: Output): Promise<ExitCode> {
  const { from, sha256, gpu } = values;
  const { onProgress, end } = setupProgress(output);
  const stop = new StopSignals(() => {});
  try {
    const library = await installLibrary({ from, sha256, gpu, onProgress, signal: stop.signal });
    end();
    const { cc, version, variant } = library;
    output.result({ event: 'setup', version, variant, path: cc }, () => [
      `TensorFlow ${version} (${variant}): ${cc}`,
    ]);
    return exitCodes.done;
  } catch (error) {
    end();
    if (stop.exitCode === undefined || !(error instanceof CnnError) || error.code !== 'ABORTED') throw error;
    output.warn(error.message);
    return stop.exitCode;
  } finally {
    stop.release();
  }
}
