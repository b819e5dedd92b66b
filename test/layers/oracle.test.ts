import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classes } from '../../src/layers/index.js';
import type { Layer } from '../../src/layers/layer.js';
import { countVariables } from '../../src/runtime/variable.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import {
  assertClose,
  type LayerCase,
  type LayerStep,
  type OracleTensor,
  oracle,
  values,
} from '../oracle/oracle.js';
import { withGradients, withValues } from './run.js';

/** Options of Keras that we do not have. */
const UNSUPPORTED = ['activityRegularizer'];

/** Options as the fixtures write them: `{ regularizer: 'l2', options: {...} }` is `{ className, config }` here. */
function options(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [name, value];
      const { options: config, ...named } = value as { options: object };
      return [name, { className: Object.values(named)[0], config }];
    }),
  );
}

function tensor({ shape, data, dtype }: OracleTensor): tf.Tensor {
  return tf.tensor(values({ shape, data }), shape, dtype);
}

/** The layer with Keras's weights. */
function build({ layer, options: given, inputShape, weights }: LayerCase): Layer {
  const made = new (classes[layer as keyof typeof classes] as unknown as new (o: object) => Layer)(
    options(given),
  );
  made.ensureBuilt(inputShape);
  assert.deepEqual(
    made.weights.map((w) => [w.name, w.trainable, w.shape]),
    weights.map((w) => [w.name, w.trainable, w.value.shape]),
  );
  tf.tidy(() => made.weights.forEach((variable, i) => void variable.assign(tensor(weights[i]!.value))));
  return made;
}

function check(layer: Layer, run: ReturnType<typeof withGradients>, step: LayerStep): void {
  tf.tidy(() => {
    const [y, dx, ...dweights] = run(tensor(step.x), tensor(step.dy));
    assert.deepEqual(y!.shape, step.y.shape);
    assertClose(y!.dataSync(), step.y, 'y');
    if (step.x.dtype !== 'int32') assertClose(dx!.dataSync(), step.dx, 'dx');
    assert.equal(dweights.length, step.dweights.length);
    step.dweights.forEach((wanted, i) => {
      assertClose(dweights[i]!.dataSync(), wanted, `gradient of ${layer.trainableWeights[i]!.name}`);
    });
    step.nonTrainable.forEach((wanted, i) => {
      assertClose(
        layer.nonTrainableWeights[i]!.read().dataSync(),
        wanted,
        layer.nonTrainableWeights[i]!.name,
      );
    });
    if (step.penalty !== undefined) checkPenalty(layer, step.penalty);
  });
}

function checkPenalty(layer: Layer, { value, dweights }: NonNullable<LayerStep['penalty']>): void {
  const sum = (...bound: tf.Tensor[]) =>
    withValues(layer.trainableWeights, bound, () =>
      // Zeros of every weight: a weight without a penalty has gradient 0, not none.
      tf.addN([...layer.penalties(), ...bound.map((weight) => weight.sum().mul(0))]).asScalar(),
    );
  const result = tf.valueAndGrads(sum)(layer.trainableWeights.map((weight) => weight.read()));
  assertClose(result.value.dataSync(), value, 'penalty');
  dweights.forEach((wanted, i) => {
    assertClose(
      result.grads[i]!.dataSync(),
      wanted,
      `gradient of the penalty of ${layer.trainableWeights[i]!.name}`,
    );
  });
}

for (const oracleCase of oracle('layers').cases) {
  const { name, inputShape, outputShape, params, steps } = oracleCase;
  if (UNSUPPORTED.some((option) => option in oracleCase.options)) continue;
  for (const mode of MODES) {
    test(`${name}, ${mode.name}`, async () => {
      await enter(mode);
      const tensors = tf.memory().numTensors;
      const variables = countVariables();
      const made = build(oracleCase);
      assert.deepEqual(made.computeOutputShape(inputShape), outputShape);
      assert.equal(made.countParams(), params.total);
      for (const step of steps) {
        const run = mode.compile(withGradients(made, step.training));
        check(made, run, step);
        run.dispose();
      }
      made.dispose();
      assert.equal(tf.memory().numTensors, tensors, 'tensors');
      assert.equal(countVariables(), variables, 'variables');
    });
  }
}
