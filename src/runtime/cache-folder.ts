import os from 'node:os';
import path from 'node:path';

/**
 * Where libtensorflow and the results of its probes are kept: `$CNN_CACHE`, else `$XDG_CACHE_HOME/cnn-node`, else
 * `~/Library/Caches/cnn-node` on macOS and `~/.cache/cnn-node` elsewhere. Need not exist.
 */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env.CNN_CACHE) return path.resolve(env.CNN_CACHE);
  if (env.XDG_CACHE_HOME) return path.resolve(env.XDG_CACHE_HOME, 'cnn-node');
  const home = env.HOME ?? os.homedir();
  return path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache', 'cnn-node');
}
