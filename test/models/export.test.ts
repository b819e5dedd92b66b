// What is exported, TensorFlow itself loads and computes the same with, for batches of any size. The same in Python:
// npm run oracle:export.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as layers from '../../src/layers/index.js';
import { classes } from '../../src/layers/index.js';
import type { Layer } from '../../src/layers/layer.js';
import { loadModel } from '../../src/models/load.js';
import { Sequential } from '../../src/models/sequential.js';
import { ready } from '../../src/runtime/backend.js';
import { native } from '../../src/runtime/native.js';
import { countVariables } from '../../src/runtime/variable.js';
import { readGraphDef } from '../../src/saving/graph-def/graph-def.js';
import * as tf from '../../src/tf.js';
import { hasCode } from '../codes.js';
import { SAMPLES } from '../layers/samples.js';
import { type LoadedGraph, loadGraphDef, loadSavedModel } from './tensorflow-session.js';

const folder = mkdtempSync(path.join(tmpdir(), 'cnn-export-'));
after(() => rmSync(folder, { recursive: true }));
before(() => ready());

async function assertSame(graph: LoadedGraph, model: Sequential, batch: number, indices?: number) {
  const shape = [batch, ...(model.inputShape!.slice(1) as number[])];
  const size = shape.reduce((product, n) => product * n, 1);
  const values = Float32Array.from({ length: size }, (_, i) =>
    indices === undefined ? (((i + 1) * 0.618034) % 1) * 2 - 1 : i % indices,
  );
  const expected = (await model.predict(tf.tensor(values, shape), { batchSize: batch })).data;
  const actual = graph.run(shape, values);
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    assert.ok(Math.abs(value - expected[i]!) < 1e-5, `${batch}: ${value}, not ${expected[i]}`);
  }
}

describe('an exported model', () => {
  for (const [name, samples] of Object.entries(SAMPLES)) {
    for (const [i, { options, input, indices }] of samples.entries()) {
      it(`of ${name} ${i}`, async () => {
        const make = classes[name as keyof typeof classes] as unknown as new (o: object) => Layer;
        const model = new Sequential([new make({ ...options, inputShape: input })]);
        const file = path.join(folder, 'layer.pb');
        await model.export(file);
        const graph = loadGraphDef(readFileSync(file));
        for (const batch of [1, 4]) await assertSame(graph, model, batch, indices);
        graph.close();
        model.dispose();
      });
    }
  }

  it('is a folder with one file, which TensorFlow loads by its tag', async () => {
    const model = await loadModel('models/mlp.keras');
    const target = path.join(folder, 'digits', 'mlp');
    const before = { tensors: tf.memory().numTensors, variables: countVariables() };
    const handles = native()!.binding.getNumOfTensors();
    await model.export(target);
    assert.deepEqual({ tensors: tf.memory().numTensors, variables: countVariables() }, before);
    assert.equal(native()!.binding.getNumOfTensors(), handles);
    assert.deepEqual(readdirSync(target), ['saved_model.pb']);
    const graph = loadSavedModel(target);
    for (const batch of [1, 32]) await assertSame(graph, model, batch);
    graph.close();
    const first = readFileSync(path.join(target, 'saved_model.pb'));
    await model.export(target);
    assert.deepEqual(readFileSync(path.join(target, 'saved_model.pb')), first, 'twice the same bytes');
    model.dispose();
  });

  it('has its input, constants and plain operations, and nothing that trains or has state', async () => {
    const model = await loadModel('models/mlp.keras');
    const file = path.join(folder, 'mlp.pb');
    await model.export(file);
    const { nodes } = readGraphDef(readFileSync(file));
    assert.deepEqual(
      nodes.filter(({ op }) => op !== 'Const').map(({ op }) => op),
      [
        ...['Placeholder', 'Reshape', 'MatMul', 'BiasAdd', 'Relu', 'MatMul', 'BiasAdd', 'Relu'],
        ...['MatMul', 'BiasAdd', 'Softmax', 'Identity'],
      ],
    );
    assert.deepEqual([nodes[0]!.name, nodes.at(-1)!.name], ['inputs', 'output_0']);
    model.dispose();
  });

  it('is refused where nothing can be exported', async () => {
    const unbuilt = new Sequential([layers.dense({ units: 2 })]);
    await assert.rejects(unbuilt.export(path.join(folder, 'x.pb')), hasCode('NOT_BUILT'));
    const open = new Sequential([
      layers.conv1d({ filters: 1, kernelSize: 1, inputShape: [null, 2] as never }),
    ]);
    await assert.rejects(open.export(path.join(folder, 'x.pb')), hasCode('UNSUPPORTED'));
    const model = new Sequential([layers.dense({ units: 2, inputShape: [3] })]);
    await assert.rejects(model.export(path.join(folder, 'nowhere', 'x.pb')), hasCode('WRITE_FAILED'));
    await assert.rejects(model.export(path.join(folder, 'mlp.pb', 'x')), hasCode('WRITE_FAILED'));
  });
});
