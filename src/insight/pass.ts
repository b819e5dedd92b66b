import type { Layer } from '../layers/layer.js';
import { observeLayers } from '../layers/observe.js';
import { gradientsOf, wholeGradient } from '../models/gradients.js';
import type { Model } from '../models/model.js';
import { takeRows } from '../models/source.js';
import { eagerly, type StepData } from '../models/steps.js';
import { untracked } from '../ops/differentiable.js';
import { type JitFunction, jit } from '../runtime/jit.js';
import { withValues } from '../runtime/variable.js';
import * as tf from '../tf.js';
import { activationOf, unitAxis } from './activation.js';
import { assignAll, variablesOf } from './snapshot.js';

/** What one batch shows, all float32. */
export interface Pass {
  /** Loss in training, after one update, and in scoring. */
  readonly losses: tf.Tensor;
  /** Mean square of each input. */
  readonly inputs: tf.Tensor;
  /** Mean of each target (share of each class), then mean squares. */
  readonly targets: tf.Tensor;
  /** `WEIGHT_NUMBERS` for each trainable weight. */
  readonly weights: tf.Tensor;
  /** For each layer the mean square of its outputs, then a number for each unit. */
  readonly outputs: Readonly<Record<string, tf.Tensor>>;
  /** Fraction of wrong predictions, and of wrong and certain ones. */
  readonly mistakes: tf.Tensor | undefined;
}

/** Norms of the weight, of its gradient and of its update, and the spread between units. */
export const WEIGHT_NUMBERS = 4;

/** Where tanh and the sigmoid, which is a tanh of half the width, have less than 5 % of their largest slope. */
const FLAT = Math.sqrt(0.95);

/** A prediction of this probability or more is certain. */
const CERTAIN = 0.99;

export type PassFunction = JitFunction<[data: StepData, rows: tf.Tensor], Pass>;

/**
 * The one pass that all findings rest on: a training step on some rows, looked at closely, and undone. Everything is
 * as in training (dropout drops, batch normalization takes the batch's statistics), and nothing stays: weights,
 * optimizer and random numbers are afterwards what they were.
 */
export function makePass(model: Model): PassFunction {
  const compile = model.compiled.options.jit === false ? eagerly : jit;
  return compile((data: StepData, rows: tf.Tensor) => undone(model, () => observe(model, data, rows)), {
    name: 'insight',
  });
}

/** Runs `body`, then puts back all that it changed. */
function undone<T>(model: Model, body: () => T): T {
  const state = variablesOf(model);
  const saved = state.map((variable) => variable.read());
  try {
    return body();
  } finally {
    assignAll(state, saved);
  }
}

function observe(model: Model, data: StepData, rows: tf.Tensor): Pass {
  const x = takeRows(data.x, data.xFormat, rows);
  const y = takeRows(data.y, data.yFormat, rows);
  const { optimizer, loss } = model.compiled;
  const variables = model.trainableWeights;
  const random = model.layers.flatMap(({ stateVariables }) => stateVariables);
  const [before, seeds] = [variables, random].map((all) => all.map((variable) => variable.read())) as [
    tf.Tensor[],
    tf.Tensor[],
  ];
  // What the forward pass makes beside its result ends with the tape's scope, unless it is kept.
  const kept = new Map<string, tf.Tensor>();
  const keep = (name: string, tensor: tf.Tensor) => {
    if (!kept.has(name)) kept.set(name, tf.keep(tensor));
    return tensor;
  };
  const forward = () => {
    const observer = (layer: Layer, output: tf.Tensor) => {
      keep(
        `layer ${layer.name}`,
        untracked(() => outputNumbers(layer, output)),
      );
    };
    const predictions = observeLayers(observer, () => model.apply(x, { training: true }));
    const trainingLoss = loss.apply(y, predictions);
    keep('predictions', predictions);
    keep('loss', trainingLoss);
    return model.penalties().reduce<tf.Tensor>((sum, penalty) => sum.add(penalty), trainingLoss);
  };
  try {
    const gradients = variables.length === 0 ? [] : gradientsOf(variables, forward).gradients;
    if (variables.length === 0) forward();
    else if (optimizer.isBuilt) optimizer.applyGradients(gradients);
    assignAll(random, seeds);
    const after = variables.map((variable) => variable.read());
    const predictions = kept.get('predictions')!;
    const trainingLoss = kept.get('loss')!;
    // Without dropout, the loss in scoring is that in training.
    const isRandom = random.length > 0;
    const lossWith = (weights: readonly tf.Tensor[], training: boolean) =>
      withValues(variables, weights, () => loss.apply(y, model.apply(x, { training })));
    return {
      losses: tf.stack([
        trainingLoss,
        lossWith(after, true),
        isRandom ? lossWith(before, false) : trainingLoss.clone(),
      ]),
      inputs: x.square().mean(0).flatten(),
      targets: targetNumbers(y, predictions),
      weights: weightNumbers(before, after, gradients.map(wholeGradient)),
      outputs: Object.fromEntries(model.layers.map(({ name }) => [name, kept.get(`layer ${name}`)!.clone()])),
      mistakes: mistakesOf(model.layers.at(-1)!, y, predictions),
    };
  } finally {
    tf.dispose([...kept.values()]);
  }
}

/** [1 + units]: mean square; fraction of samples for which a ReLU unit is active, or of outputs where a unit is flat. */
function outputNumbers(layer: Layer, output: tf.Tensor): tf.Tensor {
  const meanSquare = output.square().mean().reshape([1]);
  const activation = activationOf(layer);
  if (activation === undefined || activation === 'softmax' || output.rank < 2) return meanSquare;
  const unit = unitAxis(layer, output.rank);
  const positions = output.shape.map((_, axis) => axis).filter((axis) => axis !== 0 && axis !== unit);
  if (activation === 'relu') {
    const highest = positions.length === 0 ? output : output.max(positions);
    return tf.concat([meanSquare, highest.greater(0).toFloat().mean(0)]);
  }
  const symmetric = activation === 'tanh' ? output : output.mul(2).sub(1);
  return tf.concat([
    meanSquare,
    symmetric
      .abs()
      .greater(FLAT)
      .toFloat()
      .mean([0, ...positions]),
  ]);
}

function targetNumbers(y: tf.Tensor, predictions: tf.Tensor): tf.Tensor {
  const isLabels = y.dtype === 'int32' && predictions.shape.at(-1)! > 1;
  const values = isLabels ? tf.oneHot(y.flatten().toInt(), predictions.shape.at(-1)!) : y;
  const rows = values.toFloat().reshape([y.shape[0]!, -1]);
  return tf.concat([rows.mean(0), rows.square().mean(0)]);
}

function weightNumbers(
  before: readonly tf.Tensor[],
  after: readonly tf.Tensor[],
  gradients: readonly tf.Tensor[],
): tf.Tensor {
  if (before.length === 0) return tf.zeros([0]);
  const norm = (tensor: tf.Tensor) => tensor.square().sum().sqrt();
  return tf.stack(
    before.flatMap((old, i) => {
      const spread = old.rank === 0 ? old : old.max(-1).sub(old.min(-1)).max();
      return [norm(old), norm(gradients[i]!), norm(after[i]!.sub(old)), spread];
    }),
  );
}

/** [2]: fraction of predictions that are wrong, and of those that are certain as well. Undefined where nothing classifies. */
function mistakesOf(last: Layer, y: tf.Tensor, predictions: tf.Tensor): tf.Tensor | undefined {
  const activation = activationOf(last);
  let wrong: tf.Tensor;
  let certainty: tf.Tensor;
  if (activation === 'softmax') {
    const labels = y.dtype === 'int32' ? y.reshape(predictions.shape.slice(0, -1)) : y.argMax(-1);
    wrong = predictions.argMax(-1).notEqual(labels.toInt());
    certainty = predictions.max(-1);
  } else if (activation === 'sigmoid' && y.size === predictions.size) {
    wrong = predictions.greater(0.5).notEqual(y.reshape(predictions.shape).toFloat().greater(0.5));
    certainty = predictions.sub(0.5).abs().add(0.5);
  } else return undefined;
  const mistakes = wrong.toFloat();
  return tf.stack([mistakes.mean(), mistakes.mul(certainty.greaterEqual(CERTAIN).toFloat()).mean()]);
}
