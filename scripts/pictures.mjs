// Draws the pictures of docs/ with the built package: npm run pictures. What pages and examples say they print is drawn
// as it stands there.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { instance } from '@viz-js/viz';
import {
  datasets,
  jit,
  layers,
  loadModel,
  optimizers,
  report,
  Sequential,
  setRandomSeed,
  tf,
} from 'cnn-node';

// The same graphs on all machines, however many cores they have.
process.env.TF_NUM_INTRAOP_THREADS = '1';

const folder = path.join('docs', 'pictures');
mkdirSync(folder, { recursive: true });
const write = (name, content) => writeFileSync(path.join(folder, name), content);

function sigmoid() {
  const xs = Array.from({ length: 121 }, (_, i) => i / 10 - 6);
  const s = (z) => 1 / (1 + Math.exp(-z));
  return report.svgCurves({
    title: 's(z) = 1 / (1 + exp(-z))',
    axis: 'z',
    curves: [
      { name: 's(z)', points: xs.map((z) => [z, s(z)]) },
      { name: 'its slope', points: xs.map((z) => [z, s(z) * (1 - s(z))]) },
    ],
  });
}

async function digits({ train }) {
  const pictures = Array.from({ length: 32 }, (_, i) => report.samplePicture(train.x, i, { inverted: true }));
  return report.encodePng(report.enlarge(report.tile(pictures, 16), 2));
}

/** What the neurons of a softmax regression have learned. */
async function softmaxWeights({ train }) {
  setRandomSeed(1);
  const model = new Sequential([
    layers.flatten({ inputShape: [28, 28] }),
    layers.dense({ units: 10, activation: 'softmax', kernelInitializer: 'zeros' }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.5 }),
    loss: 'sparseCategoricalCrossentropy',
  });
  await model.fit(train, { batchSize: 128, epochs: 3, verbose: 0 });
  const pictures = report.weightPictures(model.getWeights()[0], [28, 28]);
  model.dispose();
  return report.encodePng(report.enlarge(report.tile(pictures, 5, 128), 4));
}

/** The losses that examples/mlp.js prints. */
function mlpLoss() {
  const lines = readFileSync('examples/mlp.js', 'utf8').matchAll(
    /^\/\/ Epoch (\d+): loss ([\d.]+), .* validation ([\d.]+),/gm,
  );
  const epochs = [...lines].map((match) => match.slice(1).map(Number));
  return report.svgCurves({
    title: 'loss',
    curves: [
      { name: 'training', points: epochs.map(([epoch, loss]) => [epoch, loss]) },
      { name: 'validation', points: epochs.map(([epoch, , loss]) => [epoch, loss]) },
    ],
  });
}

/** The sizes that docs/8-backpropagation.md prints. */
function vanishingGradients() {
  const lines = readFileSync('docs/8-backpropagation.md', 'utf8').matchAll(/^(relu|sigmoid): (\d.*)$/gm);
  return report.svgCurves({
    title: 'size of the gradient, as a power of ten',
    axis: 'layer',
    curves: [...lines].map(([, name, sizes]) => ({
      name,
      points: sizes.split(', ').map((size, i) => [i + 1, Math.log10(size)]),
    })),
  });
}

/** The traced MLP: what flows between the operations are tensors. */
async function mlpGraph() {
  const model = await loadModel('models/mlp.keras');
  const predict = jit((pictures) => model.apply(pictures));
  const trace = String(predict.trace(tf.zeros([32, 28, 28])));
  predict.dispose();
  model.dispose();
  const lines = trace.split('\n').map((line) => {
    const [, result, type, op, inputs, details] = /^(%\d+): (\S+) = (\w+)\((.*?)\)(?: (\{.*\}))?/.exec(line);
    const name = /name="([^"]+)"/.exec(details ?? '')?.[1];
    return {
      result,
      type: type.replace(/^(float32|resource)/, ''),
      op,
      name,
      inputs: inputs.match(/%\d+/g) ?? [],
    };
  });
  const typeOf = new Map(lines.map(({ result, type }) => [result, type]));
  const viz = await instance();
  const svg = viz.renderString(
    {
      graphAttributes: { rankdir: 'BT', nodesep: 0.25, ranksep: 0.3, fontname: 'Helvetica' },
      nodeAttributes: {
        shape: 'box',
        style: 'rounded,filled',
        fillcolor: '#eef3fb',
        fontname: 'Helvetica',
        fontsize: 11,
        height: 0.3,
      },
      edgeAttributes: { fontname: 'Helvetica', fontsize: 9, arrowsize: 0.6 },
      nodes: lines.map(({ result, op, name }) => ({
        name: result,
        attributes:
          name === undefined
            ? { label: op }
            : { label: name, shape: 'ellipse', style: 'filled', fillcolor: '#d9f2e3' },
      })),
      edges: lines.flatMap(({ result, op, inputs }) =>
        inputs.map((input) => ({
          tail: input,
          head: result,
          attributes: op === 'ReadVariableOp' ? {} : { label: ` ${typeOf.get(input)}` },
        })),
      ),
    },
    { format: 'svg' },
  );
  return svg.replace(/<svg[^>]*>/, '$&\n<title>The traced graph of the multilayer perceptron</title>');
}

const mnist = await datasets.mnist.load();
write('sigmoid.svg', sigmoid());
write('digits.png', await digits(mnist));
write('softmax-weights.png', await softmaxWeights(mnist));
write('mlp-loss.svg', mlpLoss());
write('vanishing-gradients.svg', vanishingGradients());
write('mlp-graph.svg', await mlpGraph());
