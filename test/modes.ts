/** The ways to run one computation, which all have to give the same numbers. */
import '../src/runtime/backend.js';
import { jit } from '../src/runtime/jit.js';
import { BACKEND_NAME } from '../src/runtime/native.js';
import * as tf from '../src/tf.js';

interface Mode {
  readonly name: string;
  readonly backend: string;
  /** Prepares a function to be run in this mode. */
  compile<A extends unknown[], R>(fn: (...args: A) => R): ((...args: A) => R) & { dispose(): void };
}

const inline: Mode['compile'] = (fn) =>
  Object.assign((...args: Parameters<typeof fn>) => fn(...args), { dispose() {} });

/** Native ops one by one, native ops as one compiled function, and tfjs's kernels in WebAssembly and JavaScript. */
export const MODES: readonly Mode[] = [
  { name: 'eager', backend: BACKEND_NAME, compile: inline },
  { name: 'jit', backend: BACKEND_NAME, compile: (fn) => jit(fn) },
  { name: 'wasm', backend: 'wasm', compile: inline },
  { name: 'plain js', backend: 'cpu', compile: inline },
];

/** Makes tfjs compute where the mode says. Variables and tensors of another backend are not to be used then. */
export async function enter({ backend }: Mode): Promise<void> {
  await tf.setBackend(backend);
}
