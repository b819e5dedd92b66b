// Installs as a process of its own: `node install-child.js RECIPE CACHE PATH [kill]`. With `kill` it dies, as by a
// power cut, while it unpacks. Prints the installed library, and whether this process did the work.
import { install, type Recipe } from '../../src/runtime/setup/install.js';

const [recipe, cache, searchPath, kill] = process.argv.slice(2);
const phases = new Set<string>();
const library = await install(JSON.parse(recipe!) as Recipe, {
  cache: cache!,
  env: { PATH: searchPath },
  check: async () => '2.21.0',
  onProgress: ({ phase, bytes }) => {
    phases.add(phase);
    if (kill !== undefined && phase === 'unpack' && bytes > 0) process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write(JSON.stringify({ cc: library.cc, worked: phases.has('unpack') }));
