import os from 'node:os';
import { CnnError } from '../errors.js';
import type { OpAttr } from './attributes.js';
import { checkSpatialOp, SPATIAL_OP_NAMES } from './spatial-ops.js';

/** A call of an op, as far as rules for single ops look at it. */
export interface OpCall {
  readonly op: string;
  readonly attrs: readonly OpAttr[];
  /** Shapes of the inputs. */
  readonly shapes: readonly (readonly number[])[];
  /** The values of a whole-number input, where they are known already. */
  valuesOf(input: number): readonly number[] | undefined;
}

/**
 * Checks for the few ops whose TensorFlow kernel or shape function ends the process over a call that fits the op's
 * definition. Found by random calls (test/runtime/invalid-ops.test.ts).
 */
export const OP_RULES: ReadonlyMap<string, (call: OpCall) => void> = new Map([
  ...Array.from(SPATIAL_OP_NAMES, (op): [string, (call: OpCall) => void] => [op, checkSpatialOp]),
  ['BroadcastTo', (call) => checkMemory(call, sizeOf(call.valuesOf(1)))],
  ['Fill', (call) => checkMemory(call, sizeOf(call.valuesOf(0)))],
  ['GatherV2', checkBatchDims],
  ['SplitV', (call) => checkRank(call, 1, 1, 1)],
  ['ScatterNd', (call) => checkRank(call, 1, call.shapes[0]!.length - 1)],
  ['Tile', (call) => checkMemory(call, sizeOf(call.shapes[0]) * sizeOf(call.valuesOf(1)))],
  ['TensorScatterUpdate', (call) => checkRank(call, 2, call.shapes[1]!.length - 1)],
]);

/** Of most elements. */
const BYTES_PER_ELEMENT = 4;

/** Nothing where the shape is not known yet. */
function sizeOf(shape: readonly number[] | undefined): number {
  return shape?.reduce((product, size) => product * size, 1) ?? 0;
}

/** A few numbers are enough to ask for more memory than there is; the system would end the process as it is filled. */
function checkMemory({ op }: OpCall, elements: number): void {
  const bytes = elements * BYTES_PER_ELEMENT;
  if (bytes <= os.totalmem()) return;
  throw new CnnError('OUT_OF_MEMORY', `the result of ${op} is larger than this machine's memory`, {
    op,
    expected: `at most ${gigabytes(os.totalmem())}`,
    received: gigabytes(bytes),
    hint: 'Look at the shape: is one of its sizes meant?',
  });
}

const gigabytes = (bytes: number) => `${(bytes / 1e9).toPrecision(3)} GB`;

function checkRank(
  { op, shapes }: OpCall,
  input: number,
  least: number,
  most = Number.POSITIVE_INFINITY,
): void {
  const rank = shapes[input]!.length;
  if (rank >= least && rank <= most) return;
  throw new CnnError('SHAPE_MISMATCH', `input ${input} of ${op} has a shape that it cannot have`, {
    op,
    input,
    expected: `rank ${least}${most === least ? '' : ' or more'}`,
    received: `[${shapes[input]}]`,
  });
}

function checkBatchDims({ op, attrs, shapes }: OpCall): void {
  const given = attrs.find(({ name }) => name === 'batch_dims')?.value ?? 0;
  const most = shapes[1]!.length;
  if (Math.abs(given as number) <= most) return;
  throw new CnnError('INVALID_ARGUMENT', `attribute "batch_dims" of ${op} was given a wrong value`, {
    op,
    attribute: 'batch_dims',
    expected: `at most the rank of the indices, ${most}`,
    received: `${given}`,
  });
}
