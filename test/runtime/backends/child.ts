// Computes with whatever the environment leaves it, and prints what that was and what came out, as one JSON value.
import { CnnError } from '../../../src/errors.js';
import {
  type DeviceChoice,
  type DeviceOptions,
  memory,
  type RuntimeInfo,
  ready,
  runtimeInfo,
  setDevice,
} from '../../../src/runtime/backend.js';
import { jit } from '../../../src/runtime/jit.js';
import { lanes } from '../../../src/runtime/threads.js';
import { Variable } from '../../../src/runtime/variable.js';
import * as tf from '../../../src/tf.js';

/** What the test wants: devices to ask for, one after the other. */
export interface Task {
  readonly devices?: readonly { device: DeviceChoice; options?: DeviceOptions }[];
}

export type Outcome =
  | { readonly failed: { code: string; message: string } }
  | {
      readonly info: RuntimeInfo;
      /** How many operations compute side by side. */
      readonly lanes: number;
      readonly jit: { values: number[]; runs: number };
      readonly step: number[];
      readonly variable: Record<string, unknown>;
      /** Tensors, native handles, functions, variables: what a second round of everything added. */
      readonly leaked: number[];
    };

/** A traced function runs once for two calls; where nothing is traced, at each call. */
function compiled() {
  let runs = 0;
  const f = jit((x: tf.Tensor, scale: number) => {
    runs++;
    return { y: tf.matMul(x as tf.Tensor2D, x as tf.Tensor2D).mul(scale), sum: x.sum() };
  });
  const x = tf.tensor2d([1, 2, 3, 4], [2, 2]);
  const values = [1, 2].flatMap(() => {
    const { y, sum } = f(x, 10);
    const numbers = [...y.dataSync(), ...sum.dataSync()];
    tf.dispose([y, sum]);
    return numbers;
  });
  f.dispose();
  x.dispose();
  return { values, runs };
}

/** One step of a small convolutional network: the loss and the sum of each gradient's squares. */
function step(): number[] {
  return tf.tidy(() => {
    const ramp = (shape: number[], scale: number) =>
      tf.range(0, tf.util.sizeFromShape(shape)).mul(0.7).sin().mul(scale).reshape(shape);
    const x = ramp([4, 9, 9, 2], 1) as tf.Tensor4D;
    const labels = tf.oneHot(tf.tensor1d([0, 1, 2, 1], 'int32'), 3);
    const loss = (filter: tf.Tensor, dense: tf.Tensor) => {
      const image = tf.maxPool(tf.relu(tf.conv2d(x, filter as tf.Tensor4D, 1, 'same')), 2, 2, 'same');
      const logits = tf.matMul(image.reshape([4, -1]), dense as tf.Tensor2D);
      return tf.losses.softmaxCrossEntropy(labels, logits) as tf.Scalar;
    };
    const { value, grads } = tf.valueAndGrads((f, d) => loss(f!, d!))([
      ramp([3, 3, 2, 8], 0.3),
      ramp([200, 3], 0.1),
    ]);
    return [value, ...grads.map((g) => g.square().sum())].map((t) => t.dataSync()[0]!);
  });
}

function variable(): Record<string, unknown> {
  return tf.tidy(() => {
    const initial = tf.tensor1d([1, 2, 3]);
    const v = new Variable(initial, { name: 'v' });
    initial.dispose();
    const values = () => [...v.read().dataSync()];
    const before = v.read();
    v.assignAdd(tf.tensor1d([1, 1, 1]));
    const added = values();
    v.assignSub(tf.tensor1d([0.5, 0, 0]));
    const subtracted = values();
    v.assign(tf.tensor1d([7, 8, 9]));
    const bound = v.withValue(tf.tensor1d([0, 0, 0]), values);
    const codes = [() => v.assign(tf.zeros([2])), () => v.assignAdd(tf.zeros([3], 'int32'))].map(codeOf);
    const assigned = values();
    v.dispose();
    codes.push(codeOf(() => v.read()));
    return { before: [...before.dataSync()], added, subtracted, bound, assigned, codes };
  });
}

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'no error';
  } catch (error) {
    return (error as CnnError).code;
  }
}

const alive = () => Object.values(memory());

async function run({ devices = [] }: Task): Promise<Outcome> {
  try {
    for (const { device, options } of devices) await setDevice(device, options);
    // Synchronous work comes before `ready`, as it does in many programs.
    const first = { jit: compiled(), step: step(), variable: variable() };
    const before = alive();
    compiled();
    step();
    variable();
    const leaked = alive().map((count, i) => count - before[i]!);
    const info = await ready();
    if (JSON.stringify(info) !== JSON.stringify(runtimeInfo()))
      throw new Error('ready and runtimeInfo differ');
    return { info, lanes: lanes(), ...first, leaked };
  } catch (error) {
    if (!(error instanceof CnnError)) throw error;
    return { failed: { code: error.code, message: error.message } };
  }
}

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2]!) as Task)));
