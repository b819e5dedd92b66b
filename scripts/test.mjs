// Runs the compiled tests with node:test, each file its own process.
// `npm test -- layers losses` runs the files whose path contains one of the words.
import { spawnSync } from 'node:child_process';
import { globSync } from './glob.mjs';

const words = process.argv.slice(2);
const files = globSync('dist/test', '.test.js').filter(
  (f) => words.length === 0 || words.some((w) => f.includes(w)),
);
if (files.length === 0) {
  console.error(`no test file matches ${words.join(' ')}; run "npm run build" first`);
  process.exit(1);
}
const args = ['--test', '--test-reporter=spec', '--test-concurrency=2', ...files];
process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1);
