// Makes the trained models of models/ again, each with its card: npm run models [-- softmax mlp cnn]
//
// `cnn train` keeps the epoch that is best on the validation set; the test set is looked at once, for the score on the
// card. The same machine makes the same files, to the last bit.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, tmpdir } from 'node:os';
import path from 'node:path';
import { loadModel } from '../dist/src/index.js';
import { describeModel } from '../dist/src/models/save.js';
import { writeKeras } from '../dist/src/saving/keras/archive.js';

/** What `cnn train` is told, and the accuracy without which there is no new file. */
const MODELS = {
  softmax: { args: ['--model', 'softmax', '--seed', '1'], atLeast: 0.92 },
  mlp: { args: ['--model', 'mlp', '--seed', '1'], atLeast: 0.98 },
  cnn: {
    args: [
      ...['--model', 'cnn', '--epochs', '25', '--batch-size', '64', '--lr', '0.002'],
      ...['--best-by', 'accuracy', '--seed', '1'],
    ],
    atLeast: 0.992,
  },
};
/** Stands in the files instead of the day, which would make each another file. */
const SAVED_AT = new Date('2026-01-01');
const DATA = {
  name: 'MNIST',
  licence: 'CC BY-SA 3.0, by Yann LeCun and Corinna Cortes, from NIST Special Databases 1 and 3',
};

function cnn(...args) {
  const stdout = execFileSync(process.execPath, ['dist/src/cli/main.js', ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** The places that float32 has. */
const brief = (score) => Number(score.toPrecision(7));

async function make(name, { args, atLeast }, folder) {
  const events = cnn('train', ...args, '--out', folder);
  const start = events.find(({ event }) => event === 'start');
  const { backend, version } = start.runtime;
  const result = events.find(({ event }) => event === 'result');
  const best = events.find(({ event, epoch }) => event === 'epoch' && epoch === result.bestEpoch);
  const model = await loadModel(result.model);
  const bytes = Buffer.concat([
    ...writeKeras(await describeModel(model, { includeOptimizer: false }), SAVED_AT),
  ]);
  model.dispose();
  const scored = path.join(folder, `${name}.keras`);
  writeFileSync(scored, bytes);
  const { accuracy, loss, samples } = cnn('evaluate', scored).at(-1);
  if (accuracy < atLeast) throw new Error(`${name}: accuracy ${accuracy}, below ${atLeast}`);
  writeFileSync(`models/${name}.keras`, bytes);
  return {
    file: `${name}.keras`,
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    parameters: start.parameters,
    command: `cnn train ${args.join(' ')}`,
    seed: start.seed,
    data: { ...DATA, ...start.samples },
    chosen: {
      by: `${start.bestBy} on the validation set`,
      epoch: result.bestEpoch,
      of: result.epochs,
      loss: brief(best.val_loss),
      accuracy: brief(best.val_accuracy),
    },
    test: { samples, accuracy: brief(accuracy), loss: brief(loss) },
    licence: 'Apache-2.0, as the package',
    made: {
      date: start.started.slice(0, 10),
      seconds: Math.round(result.seconds),
      on: `${platform()} ${arch()}, ${cpus()[0].model}, ${cpus().length} cores`,
      with: { ...start.versions, [backend]: version },
    },
  };
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(MODELS);
const stranger = names.find((name) => !Object.hasOwn(MODELS, name));
if (stranger !== undefined) throw new Error(`no model ${stranger}: ${Object.keys(MODELS).join(', ')}`);
const folder = mkdtempSync(path.join(tmpdir(), 'cnn-models-'));
try {
  for (const name of names) {
    const card = await make(name, MODELS[name], folder);
    writeFileSync(`models/${name}.json`, `${JSON.stringify(card, null, 2)}\n`);
    console.log(`models/${name}.keras: accuracy ${card.test.accuracy} on ${card.test.samples} test samples`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
const cards = Object.keys(MODELS).map((name) => JSON.parse(readFileSync(`models/${name}.json`, 'utf8')));
const rows = cards.map(({ file, parameters, bytes, test, chosen, command }) =>
  [
    `[${file}](${path.basename(file, '.keras')}.json)`,
    parameters.toLocaleString('en'),
    `${Math.ceil(bytes / 1000).toLocaleString('en')} kB`,
    `${(test.accuracy * 100).toFixed(2)} %`,
    test.loss.toFixed(4),
    `${chosen.epoch} of ${chosen.of}`,
    `\`${command}\``,
  ].join(' | '),
);
const readme = readFileSync('models/README.md', 'utf8');
const [before, , after] = readme.split(/^<!-- table.*-->$/m);
writeFileSync(
  'models/README.md',
  `${before}<!-- table: written by npm run models -->

| ${['file and card', 'parameters', 'size', 'test accuracy', 'test loss', 'epoch', 'command'].join(' | ')} |
| ${['---', '---:', '---:', '---:', '---:', '---:', '---'].join(' | ')} |
${rows.map((row) => `| ${row} |`).join('\n')}

<!-- table end -->${after}`,
);
