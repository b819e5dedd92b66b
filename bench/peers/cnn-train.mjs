// The workload `process` of this package: the command line, as its users call it, with all that it does besides
// training (validation after each epoch, history and checkpoints written).
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArguments, report } from './common.mjs';

const args = parseArguments();
if (args.samples !== 55_000) throw new Error('cnn train takes all 55,000 digits');
const out = mkdtempSync(path.join(os.tmpdir(), 'cnn-bench-'));
let printed = '';
const write = process.stdout.write;
process.stdout.write = (text) => {
  printed += text;
  return true;
};
process.on('exit', (status) => {
  process.stdout.write = write;
  rmSync(out, { recursive: true, force: true });
  if (status !== 0) return;
  const events = printed
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const epochs = events.filter(({ event }) => event === 'epoch');
  const { accuracy } = events.find(({ event }) => event === 'result');
  const timed = epochs.map(({ seconds, loss, accuracy }) => ({ seconds, loss, accuracy }));
  report('cnn-node', {}, args, { epochs: timed, testAccuracy: accuracy });
});
process.argv.splice(
  ...[2, process.argv.length],
  ...['train', '--model', args.model, '--data', args.data, '--epochs', String(args.epochs)],
  // The other peers' rate does not fall.
  ...['--lr-schedule', 'constant', '--out', out, '--json', '--quiet'],
);
await import('../../dist/bundle/cnn.js');
