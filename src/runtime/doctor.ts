import os from 'node:os';
import { CnnError } from '../errors.js';
import * as tf from '../tf.js';
import { ready } from './backend.js';
import { cacheFolder } from './cache-folder.js';
import type { Device } from './context.js';
import { cpuFeatures } from './cpu.js';
import { jit } from './jit.js';
import { type FindLibraryOptions, findLibrary, type Library } from './library.js';
import { hasNvidiaDriver, unsupportedPlatform } from './platform.js';
import { probeLibrary } from './probe.js';
import { recentFailure } from './setup/failure.js';
import { pinnedVersion } from './setup/wheels.js';

/** One thing that was looked at. */
export interface DoctorCheck {
  readonly name: string;
  /** `fail`: training cannot run natively. `warn`: it runs, and could run better. */
  readonly status: 'ok' | 'warn' | 'fail';
  readonly detail: string;
  /** The command, or else the step, that mends it. */
  readonly mend?: string;
}

/** What runs on this machine, how fast, and what to mend. */
export interface DoctorReport {
  /** Whether training runs natively here. */
  readonly ok: boolean;
  /** What mends the first thing that failed. */
  readonly mend?: string;
  readonly node: string;
  readonly platform: string;
  readonly processor: {
    readonly model: string;
    readonly cores: number;
    readonly features?: readonly string[];
  };
  readonly library?: Library;
  /** TensorFlow's version, by its own word. */
  readonly tensorflow?: string;
  readonly devices?: readonly Device[];
  /** A product of two 1,024 by 1,024 float32 matrices, in 10^9 operations a second. */
  readonly gflops?: number;
  /** One step of training a small network, in milliseconds. */
  readonly step?: { readonly eager: number; readonly jit: number };
  readonly checks: readonly DoctorCheck[];
}

type Found = Pick<DoctorReport, 'library' | 'tensorflow' | 'devices' | 'gflops' | 'step'>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };

const minimumNode = 20;
const setupCommand = 'cnn setup';

/** The time of the quickest of some runs, in milliseconds: what the machine can do when nothing disturbs it. */
function quickest(runs: number, run: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

/** Multiplies matrices, checks the result, and returns the speed in GFLOP/s. */
function measureProduct(): number {
  const n = 1024;
  const a = tf.fill([n, n], 0.5);
  const b = tf.fill([n, n], 2);
  const multiply = () => {
    const product = tf.matMul(a, b);
    const corner = product.slice([n - 1, n - 1], [1, 1]);
    const [last] = corner.dataSync();
    tf.dispose([product, corner]);
    if (last !== n) {
      throw new CnnError('NATIVE_OP_FAILED', 'a product of matrices is wrong', {
        expected: `${n}`,
        received: `${last}`,
      });
    }
  };
  multiply();
  const milliseconds = quickest(10, multiply);
  tf.dispose([a, b]);
  return (2 * n ** 3) / milliseconds / 1e6;
}

/** Times one training step of a small network op by op and compiled, which must agree. */
function measureStep(): { eager: number; jit: number } {
  const x = tf.randomUniform([128, 784], 0, 1, 'float32', 1);
  const y = tf.randomUniform([128, 10], 0, 1, 'float32', 2);
  const weights = [
    tf.randomNormal([784, 64], 0, 0.05, 'float32', 3),
    tf.randomNormal([64, 10], 0, 0.05, 'float32', 4),
  ];
  const loss = (first: tf.Tensor, second: tf.Tensor) =>
    tf
      .matMul(tf.relu(tf.matMul(x, first)), second)
      .sub(y)
      .square()
      .mean<tf.Scalar>();
  const step = (...old: tf.Tensor[]): tf.Tensor[] =>
    tf.tidy(() => {
      const gradients = tf.grads((a, b) => loss(a!, b!))(old);
      return old.map((weight, i) => weight.sub(gradients[i]!.mul(0.1)));
    });
  const compiled = jit(step, { name: 'doctor' });
  const time = (run: typeof step) =>
    quickest(20, () => {
      const updated = run(...weights);
      updated[0]!.dataSync();
      tf.dispose(updated);
    });
  try {
    const difference = tf.tidy(() => {
      const [eager, traced] = [step(...weights), compiled(...weights)];
      return Math.max(...eager.map((tensor, i) => tensor.sub(traced[i]!).abs().max().dataSync()[0]!));
    });
    if (!(difference < 1e-4)) {
      throw new CnnError(
        'NATIVE_OP_FAILED',
        'a compiled training step differs from the same step run op by op',
        {
          expected: 'less than 1e-4',
          received: `${difference}`,
        },
      );
    }
    return { eager: time(step), jit: time(compiled) };
  } finally {
    compiled.dispose();
    tf.dispose([x, y, ...weights]);
  }
}

function checkNode(): DoctorCheck {
  const detail = `Node ${process.version}`;
  if (Number(process.versions.node.split('.')[0]) >= minimumNode)
    return { name: 'node', status: 'ok', detail };
  return { name: 'node', status: 'fail', detail, mend: `install Node ${minimumNode} or newer` };
}

function checkGpu(devices: readonly Device[], library: Library): DoctorCheck {
  const gpus = devices.filter((device) => device.type === 'GPU').map((device) => device.name);
  if (gpus.length > 0) return { name: 'gpu', status: 'ok', detail: gpus.join(', ') };
  if (!hasNvidiaDriver()) return { name: 'gpu', status: 'ok', detail: 'none; the CPU computes' };
  if (library.variant === 'cpu') {
    const detail = 'an NVIDIA driver is loaded, but this library is the one for CPUs';
    return { name: 'gpu', status: 'warn', detail, mend: `${setupCommand} --gpu` };
  }
  const detail =
    'an NVIDIA driver is loaded, but TensorFlow sees no GPU: its CUDA 12 needs driver 525 or newer';
  return { name: 'gpu', status: 'warn', detail, mend: 'nvidia-smi' };
}

/**
 * Looks at everything that training rests on, from Node to a compiled step. Tries the library in a child process
 * first, then starts the runtime in this one. Takes a few seconds; changes nothing.
 */
export async function examine(options: Pick<FindLibraryOptions, 'env' | 'cwd'> = {}): Promise<DoctorReport> {
  const features = cpuFeatures();
  const checks: DoctorCheck[] = [checkNode()];
  const found = await examineLibrary(checks, options);
  const failed = checks.find((check) => check.status === 'fail');
  return {
    ok: failed === undefined,
    mend: failed?.mend,
    node: process.version,
    platform: `${process.platform}-${process.arch}`,
    processor: { model: os.cpus()[0]?.model ?? 'unknown', cores: os.availableParallelism(), features },
    ...found,
    checks,
  };
}

/** What mends an error: the command in its hint, or the hint. A path that the user set is used whatever we install. */
function remedyOf(error: unknown, env: NodeJS.ProcessEnv): string {
  if (env.CNN_LIBTENSORFLOW) return 'unset CNN_LIBTENSORFLOW';
  const hint = error instanceof CnnError ? error.details.hint : undefined;
  return hint?.match(/`([^`]+)`/)?.[1] ?? hint ?? setupCommand;
}

function notInstalled(env: NodeJS.ProcessEnv): string {
  const failure = recentFailure(cacheFolder(env));
  return `no libtensorflow is installed${failure === undefined ? '' : `; setup has just failed: ${failure}`}`;
}

/** Finds, tries and uses the library, as far as each step allows the next. */
async function examineLibrary(
  checks: DoctorCheck[],
  { env = process.env, cwd }: Pick<FindLibraryOptions, 'env' | 'cwd'>,
): Promise<Found> {
  const found: Writable<Found> = {};
  let name = 'library';
  try {
    const library = findLibrary({ env, cwd });
    if (library === undefined) {
      const unsupported = unsupportedPlatform();
      const detail = unsupported?.message ?? notInstalled(env);
      checks.push({ name, status: 'fail', detail, mend: unsupported?.details.hint ?? setupCommand });
      return found;
    }
    found.library = library;
    checks.push({ name, status: 'ok', detail: `${library.cc} (${library.source}, ${library.variant})` });

    name = 'trial';
    const { version, devices } = await probeLibrary(library, { env, fresh: true });
    Object.assign(found, { tensorflow: version, devices });
    const older = version.localeCompare(pinnedVersion, 'en', { numeric: true }) < 0;
    const detail = `TensorFlow ${version} loads and computes`;
    checks.push(
      older
        ? {
            name,
            status: 'warn',
            detail: `${detail}; ${pinnedVersion} is what this package is tested with`,
            mend: setupCommand,
          }
        : { name, status: 'ok', detail },
    );
    checks.push(checkGpu(devices, library));

    name = 'kernels';
    const { backend } = await ready();
    found.gflops = measureProduct();
    if (backend !== 'libtensorflow') {
      checks.push({ name, status: 'fail', detail: `the ${backend} backend computes`, mend: setupCommand });
      return found;
    }
    checks.push({ name, status: 'ok', detail: `${found.gflops.toFixed(0)} GFLOP/s in a float32 product` });

    name = 'jit';
    found.step = measureStep();
    const { eager, jit: compiled } = found.step;
    const times = `a small training step: ${compiled.toFixed(2)} ms compiled, ${eager.toFixed(2)} ms op by op`;
    checks.push({ name, status: 'ok', detail: times });
  } catch (error) {
    checks.push({ name, status: 'fail', detail: (error as Error).message, mend: remedyOf(error, env) });
  }
  return found;
}
