import os from 'node:os';
import { native } from './native.js';

/** How TensorFlow lays out its threads; what is left open is TensorFlow's to choose. */
export interface Threads {
  /** Threads inside one op. */
  readonly intraOpThreads?: number;
  /** Ops that may run at the same time. */
  readonly interOpThreads?: number;
}

/** With more cores parts of a batch would be small; how that compares to TensorFlow's layout was not measured. */
const MOST_CORES = 4;

/**
 * The layout on a CPU. The products of a training step are too small for all cores to share one: two at a time, on
 * one thread each, compute a fifth more. So with few cores ops get one thread each, and models compute parts of a
 * batch side by side.
 *
 * @param asked by the program; TensorFlow's own environment variables count as well
 */
export function threadsFor(asked: Threads, cores = os.availableParallelism()): Threads {
  const { TF_NUM_INTRAOP_THREADS, TF_NUM_INTEROP_THREADS } = process.env;
  const isOpen = [asked.intraOpThreads, asked.interOpThreads].every((count) => count === undefined);
  if (!isOpen || TF_NUM_INTRAOP_THREADS || TF_NUM_INTEROP_THREADS || cores > MOST_CORES) return asked;
  return { intraOpThreads: 1, interOpThreads: cores };
}

/** How many independent ops compute side by side, each on a thread of its own. */
export function lanes(): number {
  const { intraOpThreads, interOpThreads = 1 } = native()?.binding.context.threads ?? {};
  return intraOpThreads === 1 ? interOpThreads : 1;
}
