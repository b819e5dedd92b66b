/** Who takes part, and how each is started. */
import path from 'node:path';
import { type Found, givenPython, type PackageSet, pythonWith, stockAddon } from './environment.js';

export const workloads = ['softmax', 'mlp', 'cnn', 'process'] as const;
export type Workload = (typeof workloads)[number];

/** What a peer prints, on one line. */
export interface PeerResult {
  readonly peer: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly workload: Workload;
  readonly epochs: readonly { seconds: number; loss: number; accuracy: number }[];
  readonly firstEpochSeconds: number;
  readonly testAccuracy: number;
  readonly peakMemoryMiB: number;
}

export interface Peer {
  readonly name: string;
  /** Compiles for so long that the quick round leaves it out. */
  readonly slowStart?: true;
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
const onJax = { KERAS_BACKEND: 'jax', JAX_PLATFORMS: 'cpu' };

/** Ourselves first: all ratios are to this one. */
export const peers: readonly Peer[] = [
  {
    name: 'cnn-node',
    prepare: async ({ root }) => ({
      program: process.execPath,
      args: [path.join(root, 'bench', 'peers', 'cnn-node.mjs')],
      argsOfProcess: [path.join(root, 'bench', 'peers', 'cnn-train.mjs')],
      env: {},
    }),
  },
  {
    name: 'tfjs-layers',
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
];
