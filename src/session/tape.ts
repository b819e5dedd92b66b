import { CnnError } from '../errors.js';
import * as tf from '../tf.js';

/** An op as tfjs's tape holds it. */
interface TapeNode {
  readonly kernelName: string;
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  readonly saved: readonly tf.Tensor[] | undefined;
  readonly gradient?: (dys: (tf.Tensor | null)[]) => Readonly<Record<string, () => tf.Tensor>>;
}

/** The part of tfjs's engine that records ops. Its own `gradients` can only be asked about one function at a time. */
interface Engine {
  readonly state: { activeTape: TapeNode[] | null; gradientDepth: number };
  startTape(): void;
  endTape(): void;
}

/**
 * Runs `body` while tfjs records every op, so that `gradientsOnTape` can differentiate anything computed in it.
 *
 * @param depth how often gradients are taken of gradients: 1 for gradients alone. From 2 on ops avoid their fused
 *   kernels, whose gradients tfjs does not see into
 */
export function withTape<T>(depth: number, body: () => T): T {
  const engine = tf.engine() as unknown as Engine;
  for (let i = 0; i < depth; i++) engine.startTape();
  try {
    return body();
  } finally {
    for (let i = 0; i < depth; i++) engine.endTape();
    if (engine.state.gradientDepth === 0) {
      for (const { saved } of engine.state.activeTape ?? [])
        for (const tensor of saved ?? []) tensor.dispose();
      engine.state.activeTape = null;
    }
  }
}

/**
 * The gradients of a sum of y's elements, for values computed since `withTape` began. Undefined for an x that y does
 * not depend on.
 *
 * @throws CnnError UNSUPPORTED for an op without a gradient
 */
export function gradientsOnTape(y: tf.Tensor, xs: readonly tf.Tensor[]): (tf.Tensor | undefined)[] {
  const tape = (tf.engine() as unknown as Engine).state.activeTape ?? [];
  const dependent = new Set(xs.map((x) => x.id));
  const path = tape.filter(({ inputs, outputs }) => {
    if (!Object.values(inputs).some((input) => dependent.has(input.id))) return false;
    for (const output of outputs) dependent.add(output.id);
    return true;
  });
  const gradients = new Map([[y.id, tf.onesLike(y)]]);
  for (const { kernelName, inputs, outputs, gradient } of path.reverse()) {
    if (!outputs.some((output) => gradients.has(output.id))) continue;
    if (gradient === undefined)
      throw new CnnError('UNSUPPORTED', `${kernelName} has no gradient`, { op: kernelName });
    const gradientOf = gradient(outputs.map((output) => gradients.get(output.id) ?? null));
    for (const [name, input] of Object.entries(inputs)) {
      // Whole numbers and booleans carry no gradient: not through a mask, nor through an index.
      if (!dependent.has(input.id) || input.dtype !== 'float32') continue;
      const sum = gradients.get(input.id);
      const part = tf.tidy(() => gradientOf[name]!());
      gradients.set(input.id, sum === undefined ? part : sum.add(part));
    }
  }
  return xs.map((x) => gradients.get(x.id));
}
