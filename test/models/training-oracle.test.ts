import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { classes as layerClasses } from '../../src/layers/index.js';
import type { LayerClass } from '../../src/layers/layer.js';
import { Sequential } from '../../src/models/index.js';
import { findClass } from '../../src/registry.js';
import { HostArray } from '../../src/runtime/index.js';
import * as tf from '../../src/tf.js';
import { assertClose, type OracleTensor, oracle, type TrainingCase, values } from '../oracle/oracle.js';

/** A fixture's option that is an object, `{ regularizer: 'l2', options }`, as our configs write it. */
function toConfig(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('options' in value))
    return value;
  const { options, ...kind } = value as { options: Record<string, unknown> };
  return { className: Object.values(kind)[0], config: toConfigs(options) };
}

const toConfigs = (options: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(options).map(([name, value]) => [name, toConfig(value)]));

function tensorOf(array: OracleTensor): tf.Tensor {
  return tf.tensor(values(array), array.shape, array.dtype ?? 'float32');
}

function makeModel(
  { layers, inputShape, optimizer, loss, metrics, initial }: TrainingCase,
  isWeighted: boolean,
  jit: boolean,
) {
  const model = new Sequential(
    layers.map(({ layer, options }, i) => {
      const found = findClass('layer', layerClasses as unknown as Record<string, LayerClass>, layer);
      const first = i === 0 ? { inputShape: inputShape.slice(1) } : {};
      return new found({ ...toConfigs(options), ...first } as never);
    }),
  );
  model.setWeights(initial.map((weight) => new HostArray(weight.shape, Float32Array.from(values(weight)))));
  model.compile({
    optimizer: { className: optimizer.optimizer, config: toConfigs(optimizer.options) },
    loss: { className: loss.loss, config: toConfigs(loss.options) },
    metrics,
    ...(isWeighted ? { weightedMetrics: metrics } : {}),
    jit,
  });
  return model;
}

function assertResults(actual: Record<string, number>, expected: Record<string, number>, what: string): void {
  for (const [name, value] of Object.entries(expected)) {
    assertClose([actual[name] ?? Number.NaN], { shape: [], data: [value] }, `${what}, ${name}`);
  }
}

for (const jit of [true, false]) {
  describe(`training as in Keras, ${jit ? 'compiled' : 'op by op'}`, () => {
    const before = tf.memory().numTensors;
    after(() => assert.equal(tf.memory().numTensors, before));

    for (const testCase of oracle('training').cases) {
      it(testCase.name, async () => {
        const { batches, steps, data, validation, batchSize, history, final, classWeight, predictions } =
          testCase;
        const isWeighted =
          classWeight !== undefined || [data, ...(batches ?? [])].some((d) => d?.sampleWeight !== undefined);
        const model = makeModel(testCase, isWeighted, jit);
        const made: tf.Tensor[] = [];
        const place = (array: OracleTensor) => {
          const tensor = tensorOf(array);
          made.push(tensor);
          return tensor;
        };
        const weightsOf = (weights: OracleTensor | undefined) =>
          weights === undefined ? {} : { sampleWeight: place(weights) };
        const common = {
          verbose: 0,
          shuffle: false,
          ...(classWeight === undefined ? {} : { classWeight }),
        } as const;
        for (const [i, { x, y, sampleWeight }] of (batches ?? []).entries()) {
          const run = await model.fit(place(x), place(y), {
            ...common,
            batchSize: x.shape[0]!,
            ...weightsOf(sampleWeight),
          });
          const results = Object.fromEntries(
            Object.entries(run.history).map(([name, [value]]) => [name, value!]),
          );
          assertResults(results, steps![i]!, `step ${i}`);
        }
        if (data !== undefined) {
          const { history: logs } = await model.fit(place(data.x), place(data.y), {
            ...common,
            ...weightsOf(data.sampleWeight),
            batchSize: batchSize!,
            epochs: Object.values(history!)[0]!.length,
            validationData: [place(validation!.x), place(validation!.y)],
          });
          for (const [name, expected] of Object.entries(history!)) {
            assertClose(logs[name] ?? [], { shape: [expected.length], data: expected }, `history of ${name}`);
          }
          const outputs = await model.predict(place(validation!.x));
          assertClose(outputs.data, predictions!, 'predictions');
        }
        for (const [i, weight] of model.getWeights().entries())
          assertClose(weight.data, final[i]!, `final weight ${i}`);
        model.dispose();
        tf.dispose(made);
      });
    }
  });
}
