/** Who takes part, and how each is started. */
import path from 'node:path';
import { type Found, givenPython, type PackageSet, pythonWith, stockAddon } from './environment.js';
import type { Workload, WorkloadName } from './workloads.js';

/** What a peer prints, on one line. */
export interface PeerResult {
  readonly peer: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly workload: WorkloadName;
  readonly peakMemoryMiB: number;
  /** Of training. */
  readonly epochs?: readonly { seconds: number; loss: number; accuracy: number }[];
  readonly testAccuracy?: number;
  /** Of all else: what was measured, with its unit, smaller is better. */
  readonly measures?: Readonly<Record<string, number>>;
}

export interface Peer {
  readonly name: string;
  /** Compiles for so long that it takes part in the first full round alone. */
  readonly slowStart?: true;
  /** Default: training and prediction. */
  readonly tasks?: readonly Workload['task'][];
  /** Has no mixed precision. */
  readonly float32Only?: true;
  /** The program, its leading arguments and its environment; or why it cannot run here. */
  prepare(context: Context): Promise<Command | { missing: string }>;
}

export interface Context {
  readonly root: string;
  /** A Python that the user named; else `.venv`. */
  readonly python: string | undefined;
  say(line: string): void;
}

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** Other arguments for the workload `process`. */
  readonly argsOfProcess?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

function inPython(
  name: string,
  set: PackageSet,
  script: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Pick<Peer, 'name' | 'prepare'> {
  return {
    name,
    async prepare({ root, python, say }) {
      const found: Found = python === undefined ? pythonWith(set, root, say) : givenPython(set, python);
      if ('missing' in found) return found;
      return {
        program: found.path,
        args: ['-B', path.join(root, 'bench', 'peers', script), ...args],
        env: { CUDA_VISIBLE_DEVICES: '-1', ...env },
      };
    },
  };
}

const onTensorFlow = { KERAS_BACKEND: 'tensorflow' };
const everything = ['train', 'predict', 'load'] as const;
const onJax = { KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' };

/** Ourselves first: all ratios are to this one. */
export const peers: readonly Peer[] = [
  {
    name: 'cnn-node',
    tasks: everything,
    prepare: async ({ root }) => ({
      program: process.execPath,
      args: [path.join(root, 'bench', 'peers', 'cnn-node.mjs')],
      argsOfProcess: [path.join(root, 'bench', 'peers', 'cnn-train.mjs')],
      env: {},
    }),
  },
  {
    name: 'tfjs-layers',
    tasks: everything,
    float32Only: true,
    async prepare({ root }) {
      const addon = await stockAddon(root);
      if ('missing' in addon) return addon;
      const script = path.join(root, 'bench', 'peers', 'tfjs-layers.mjs');
      return { program: process.execPath, args: [script, '--addon', addon.path], env: {} };
    },
  },
  inPython('keras-tensorflow', 'keras-tensorflow', 'keras_peer.py', [], onTensorFlow),
  {
    ...inPython('keras-tensorflow-jit', 'keras-tensorflow', 'keras_peer.py', ['--jit', 'true'], onTensorFlow),
    slowStart: true,
  },
  inPython('keras-jax', 'keras-jax', 'keras_peer.py', [], onJax),
  inPython('torch', 'torch', 'torch_peer.py'),
  { ...inPython('torch-compile', 'torch', 'torch_peer.py', ['--compile']), slowStart: true },
  { ...inPython('numpy', 'numpy', 'load_peer.py'), tasks: ['load'] },
  { ...inPython('pandas', 'pandas', 'load_peer.py', ['--pandas']), tasks: ['load'] },
];

/** Whether a peer takes part in a workload. */
export function takesPart({ tasks = ['train', 'predict'], float32Only }: Peer, workload: Workload): boolean {
  return tasks.includes(workload.task) && !(float32Only && workload.precision !== undefined);
}
