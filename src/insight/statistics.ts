import type { Model } from '../models/model.js';
import type { StepData } from '../models/steps.js';
import * as tf from '../tf.js';
import { type ActivationKind, activationOf } from './activation.js';
import { makePass, type Pass, WEIGHT_NUMBERS } from './pass.js';

/** What a layer gave. */
export interface LayerStatistics {
  readonly name: string;
  readonly className: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly activation: ActivationKind | undefined;
  /** Root of the mean square of its outputs. */
  readonly rms: number;
  /** For each unit of a ReLU the fraction of samples for which it is active; of a sigmoid or tanh, in which it is flat. */
  readonly units: Float32Array;
  readonly weights: readonly WeightStatistics[];
}

/** A trainable weight: Euclidean norms of itself, its gradient and one update, means over the batches. */
export interface WeightStatistics {
  readonly name: string;
  readonly shape: readonly number[];
  readonly norm: number;
  readonly gradientNorm: number;
  readonly updateNorm: number;
  /** The largest difference between two units' weights for the same input. */
  readonly spread: number;
}

/** What was seen of a model on a sample of its data. */
export interface Statistics {
  readonly samples: number;
  readonly lossName: string;
  /** Each batch's loss in training, without penalties. */
  readonly losses: readonly number[];
  /** The same after one update by the gradient of this very batch. */
  readonly lossesAfterUpdate: readonly number[];
  /** The same as in scoring: without dropout. */
  readonly scoringLosses: readonly number[];
  readonly layers: readonly LayerStatistics[];
  /** Root of the mean square of each input. */
  readonly inputRms: Float32Array;
  /** Each target's mean (for labels: each class's share) and mean square. */
  readonly targetMeans: Float32Array;
  readonly targetMeanSquares: Float32Array;
  /** Of predictions by a last softmax or sigmoid: the fraction that is wrong, and wrong with certainty. */
  readonly mistakes?: { readonly wrong: number; readonly certain: number };
}

/**
 * Makes passes over samples, a batch at a time, and puts what they saw together.
 *
 * @param rows which samples to look at; what is left over from whole batches is not
 */
export async function collectStatistics(
  model: Model,
  data: StepData,
  rows: Uint32Array,
  batchSize: number,
): Promise<Statistics> {
  const pass = model.steps.attach(makePass);
  const size = Math.min(batchSize, rows.length);
  const batches = Math.floor(rows.length / size);
  const seen: Seen[] = [];
  for (let batch = 0; batch < batches; batch++) {
    const indices = tf.tensor1d(Int32Array.from(rows.subarray(batch * size, (batch + 1) * size)), 'int32');
    try {
      seen.push(read(await pass.async(data, indices)));
    } finally {
      indices.dispose();
    }
  }
  return summarize(model, seen, batches * size);
}

function summarize(model: Model, seen: readonly Seen[], samples: number): Statistics {
  const mean = (part: (one: Seen) => Float32Array) => meanOf(seen.map(part));
  const [losses, lossesAfterUpdate, scoringLosses] = [0, 1, 2].map((i) =>
    seen.map(({ losses: values }) => values[i]!),
  ) as [number[], number[], number[]];
  const [targetMeans, targetMeanSquares] = halves(mean(({ targets }) => targets));
  const mistakes = seen[0]!.mistakes === undefined ? undefined : mean((one) => one.mistakes!);
  const weights = mean((one) => one.weights);
  let at = 0;
  const nextWeight = (name: string, shape: readonly number[]): WeightStatistics => {
    const [norm, gradientNorm, updateNorm, spread] = weights.subarray(at, at + WEIGHT_NUMBERS);
    at += WEIGHT_NUMBERS;
    return {
      name,
      shape,
      norm: norm!,
      gradientNorm: gradientNorm!,
      updateNorm: updateNorm!,
      spread: spread!,
    };
  };
  return {
    samples,
    lossName: model.compiled.loss.className,
    losses,
    lossesAfterUpdate,
    scoringLosses,
    layers: model.layers.map((layer) => {
      const [meanSquare, ...units] = mean(({ outputs }) => outputs[layer.name]!);
      return {
        name: layer.name,
        className: layer.className,
        config: layer.getConfig(),
        activation: activationOf(layer),
        rms: Math.sqrt(meanSquare!),
        units: Float32Array.from(units),
        weights: layer.trainableWeights.map(({ name, shape }) => nextWeight(name, shape)),
      };
    }),
    inputRms: mean(({ inputs }) => inputs).map(Math.sqrt),
    targetMeans,
    targetMeanSquares,
    ...(mistakes === undefined ? {} : { mistakes: { wrong: mistakes[0]!, certain: mistakes[1]! } }),
  };
}

/** A pass, read. */
type Seen = {
  [K in keyof Pass]: K extends 'outputs'
    ? Record<string, Float32Array>
    : Extract<Float32Array | Pass[K], Float32Array | undefined>;
};

function read(pass: Pass): Seen {
  const values = (tensor: tf.Tensor) => tensor.dataSync<'float32'>();
  const outputs = Object.entries(pass.outputs).map(([name, tensor]) => [name, values(tensor)]);
  const seen: Seen = {
    losses: values(pass.losses),
    inputs: values(pass.inputs),
    targets: values(pass.targets),
    weights: values(pass.weights),
    outputs: Object.fromEntries(outputs),
    mistakes: pass.mistakes && values(pass.mistakes),
  };
  tf.dispose(pass as never);
  return seen;
}

function meanOf(values: readonly Float32Array[]): Float32Array {
  return values[0]!.map((_, i) => values.reduce((sum, each) => sum + each[i]!, 0) / values.length);
}

function halves(values: Float32Array): [Float32Array, Float32Array] {
  return [values.subarray(0, values.length / 2), values.subarray(values.length / 2)];
}
