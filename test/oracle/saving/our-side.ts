import { classes } from '../../../src/layers/index.js';
import type { LayerClass } from '../../../src/layers/layer.js';
import { Sequential } from '../../../src/models/sequential.js';
import { canonical } from '../../../src/registry.js';
import * as tf from '../../../src/tf.js';
import type { Outcome } from './compare.js';
import { decode, type Spec, type Values } from './specs.js';

export const STEPS_BEFORE = 2;
const STEPS_AFTER = 3;

export function build(spec: Spec): Sequential {
  const table = classes as Readonly<Record<string, LayerClass>>;
  const layers = spec.layers.map(({ className, config }, i) => {
    const first = i === 0 ? { inputShape: spec.inputShape } : {};
    return new table[className]!({ ...config, ...first } as never);
  });
  const model = new Sequential(layers, { name: spec.name });
  const { optimizer, loss, metrics } = spec;
  model.compile({ optimizer, loss, metrics });
  return model;
}

/** The loss and then the metrics, by name, of some steps on all rows. */
export async function train(model: Sequential, spec: Spec, steps: number): Promise<number[][]> {
  const [x, y] = [toTensor(spec.x), toTensor(spec.y)];
  const results: number[][] = [];
  try {
    for (let i = 0; i < steps; i++) {
      const { history } = await model.fit(x, y, { batchSize: x.shape[0]!, shuffle: false, verbose: 0 });
      const { loss, ...metrics } = history;
      const names = Object.keys(metrics).sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
      results.push([loss![0]!, ...names.map((name) => metrics[name]![0]!)]);
    }
  } finally {
    tf.dispose([x, y]);
  }
  return results;
}

/** What the model does from now on. */
export async function after(model: Sequential, spec: Spec): Promise<Outcome> {
  const x = toTensor(spec.x);
  const { shape, data } = await model.predict(x);
  x.dispose();
  const prediction = {
    shape,
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
  return { prediction, results: await train(model, spec, STEPS_AFTER) };
}

function toTensor(values: Values): tf.Tensor {
  return tf.tensor(decode(values), [...values.shape]);
}
