import { CnnError } from '../errors.js';
import { unknownName } from '../suggest.js';
import * as tf from '../tf.js';
import {
  BACKENDS,
  type BackendKind,
  type Choice,
  choose,
  createPlain,
  type DeviceChoice,
  type RuntimeInfo,
  type Wish,
} from './choose.js';
import { BACKEND_NAME, native } from './native.js';
import './tape.js';
import { countVariables } from './variable.js';
import { startWasm } from './wasm.js';

export type { BackendKind, DeviceChoice, RuntimeInfo } from './choose.js';

/** How to use the processor; fixed when the runtime starts. */
export interface DeviceOptions {
  /**
   * Threads inside one operation, 1 or more. Default: one up to four cores, where models compute parts of a batch side
   * by side instead; one per core beyond, and on a GPU's machine. On WebAssembly one per core, at most 4.
   */
  readonly intraOpThreads?: number;
  /** Operations that may run at the same time, 1 or more; default: one per core. libtensorflow only. */
  readonly interOpThreads?: number;
}

/** What is alive. Flat over time, or something leaks. */
export interface MemoryInfo {
  /** Tensors that tfjs knows. */
  readonly tensors: number;
  /** Values that libtensorflow holds for this process: tensors and variables. */
  readonly nativeHandles: number;
  /** Functions that `jit` compiled. */
  readonly functions: number;
  /** Variables: weights, moments of optimizers, states of random numbers. */
  readonly variables: number;
}

const DEVICES: readonly DeviceChoice[] = ['auto', 'gpu', 'cpu'];

let wish: Partial<Wish> = {};
let started: { readonly wish: Wish; readonly choice: Choice } | undefined;

/** Chooses and starts a backend, once. Synchronous, since tfjs asks for it in the middle of an operation. */
function start(): Choice {
  if (started === undefined) {
    const complete: Wish = { ...wishOfEnvironment(), ...wish };
    const choice = choose(complete);
    started = { wish: complete, choice };
    if (choice.shortcoming !== undefined && complete.backend === undefined) announce(choice);
  }
  return started.choice;
}

function wishOfEnvironment(): Wish {
  const { CNN_DEVICE: device = '', CNN_BACKEND: backend = '' } = process.env;
  return {
    device: device === '' ? 'auto' : known('device', device, DEVICES),
    backend: backend === '' ? undefined : known('backend', backend, BACKENDS),
  };
}

function known<T extends string>(kind: string, word: string, words: readonly T[]): T {
  if (!(words as readonly string[]).includes(word)) throw unknownName(kind, word, words);
  return word as T;
}

/** The one line that says what computes in place of libtensorflow, and how to mend it. */
function announce({ info, shortcoming }: Choice): void {
  const substitutes: Record<BackendKind, string> = {
    libtensorflow: '',
    addon: 'the addon of the installed tfjs-node, operation by operation',
    wasm: `WebAssembly on ${info.threads} threads`,
    cpu: 'plain JavaScript',
  };
  console.warn(
    `cnn-node: ${shortcoming?.replace(/\s+/g, ' ')} Meanwhile ${substitutes[info.backend]} computes, which is slower.`,
  );
}

/** For programs that call `tf.setBackend('tensorflow')`. */
function startTensorFlow(): ReturnType<Choice['create']> {
  const choice = start();
  if (choice.name === BACKEND_NAME) return choice.create();
  throw new CnnError('LIBRARY_NOT_FOUND', 'TensorFlow does not run here', { hint: choice.shortcoming });
}

/** The backends that are ours, by name. */
const factories = {
  [BACKEND_NAME]: startTensorFlow,
  wasm: () => (started?.choice.name === 'wasm' ? started.choice.create() : startWasm().backend),
  cpu: createPlain,
};
for (const [i, [name, factory]] of Object.entries(factories).entries()) {
  // Another copy of tfjs in this process may have registered a backend of this name; it is left alone.
  if (tf.findBackendFactory(name) === null) tf.registerBackend(name, factory, 3 - i);
  else if (name === BACKEND_NAME) {
    console.warn(
      'cnn-node: @tensorflow/tfjs-node was imported before and computes, operation by operation, which is slower. Import cnn-node alone, or first.',
    );
  }
}

const isOurs = (name: string) => tf.findBackendFactory(name) === factories[name as keyof typeof factories];

/** What tfjs's engine asks itself when the first operation needs a backend. */
interface BackendSearch {
  getSortedBackends(): string[];
}

// tfjs would try our backends one after the other, and print a warning with a stack for each that fails.
const engine = tf.engine() as unknown as BackendSearch;
const sortedByPriority = engine.getSortedBackends.bind(engine);
engine.getSortedBackends = () => {
  const names = sortedByPriority();
  if (!isOurs(names[0]!)) return names;
  const { name } = start();
  return [name, ...names.filter((other) => other !== name)];
};

/**
 * Chooses where to compute, and starts. Call it before the first tensor; without it the runtime starts with the
 * first operation, with what the environment variable `CNN_DEVICE` says, else `'auto'`.
 *
 * `'auto'` is the GPU where TensorFlow sees one, else the CPU. Without libtensorflow, in this order: the addon of an
 * installed tfjs-node or tfjs-node-gpu, WebAssembly, plain JavaScript; a line on standard error says so. The
 * environment variable `CNN_BACKEND` (`libtensorflow`, `addon`, `wasm` or `cpu`) asks for one of these and no other.
 *
 * @throws CnnError DEVICE_UNAVAILABLE for `'gpu'` without a GPU, or after the runtime has started otherwise;
 *   UNKNOWN_NAME; INVALID_ARGUMENT for a number of threads below 1; LIBRARY_NOT_FOUND, LIBRARY_UNUSABLE for a library
 *   or backend that the environment names
 * @example
 * await setDevice('cpu', { intraOpThreads: 1 });
 */
export async function setDevice(device: DeviceChoice, options: DeviceOptions = {}): Promise<void> {
  known('device', device, DEVICES);
  const asked = { device, ...checkThreads(options) };
  if (started === undefined) {
    wish = asked;
    tf.backend();
    return;
  }
  const { choice, wish: granted } = started;
  const { info } = choice;
  const agrees = (key: keyof DeviceOptions) => asked[key] === undefined || asked[key] === granted[key];
  const sameDevice = device === 'auto' || device === info.device;
  if (sameDevice && agrees('intraOpThreads') && agrees('interOpThreads')) return;
  throw new CnnError('DEVICE_UNAVAILABLE', 'the runtime has already started otherwise', {
    expected: `${info.device} as it is`,
    received: JSON.stringify(asked),
    hint: 'Call setDevice before anything else that computes.',
  });
}

function checkThreads(options: DeviceOptions): DeviceOptions {
  const { intraOpThreads, interOpThreads } = options;
  for (const [argument, count] of Object.entries({ intraOpThreads, interOpThreads })) {
    if (count === undefined || (Number.isInteger(count) && count > 0 && count < 2 ** 31)) continue;
    throw new CnnError('INVALID_ARGUMENT', `${argument} is out of range`, {
      argument,
      expected: 'a whole number from 1',
      received: String(count),
    });
  }
  return { intraOpThreads, interOpThreads };
}

/** Starts the runtime, if it has not started, and says what computes. @throws as `setDevice` */
export async function ready(): Promise<RuntimeInfo> {
  return runtimeInfo();
}

/** What computes. Starts the runtime, if it has not started. @throws as `setDevice` */
export function runtimeInfo(): RuntimeInfo {
  tf.backend();
  const active = tf.getBackend();
  if (active === started?.choice.name) return started.choice.info;
  // A program may choose a backend of tfjs by itself, and stock tfjs-node calls itself as ours does.
  const backend = active === BACKEND_NAME ? 'addon' : active === 'wasm' ? 'wasm' : 'cpu';
  return { backend, device: 'cpu' };
}

/** Counts what is alive. Starts nothing. */
export function memory(): MemoryInfo {
  const binding = tf.getBackend() ? native()?.binding : undefined;
  return {
    tensors: tf.engine().state.numTensors,
    nativeHandles: binding?.getNumOfTensors() ?? 0,
    functions: binding?.functionCount ?? 0,
    variables: countVariables(),
  };
}
