/**
 * Runs damaged calls FROM..TO, each once as it is and now and then in a traced function. What runs now is in FILE,
 * so that the parent can name the call that killed this process. Prints what came of them as JSON.
 */
import { openSync, writeSync } from 'node:fs';
import { CnnError } from '../../../src/errors.js';
import { ready, setDevice } from '../../../src/runtime/backend.js';
import type { Binding } from '../../../src/runtime/binding.js';
import { DType } from '../../../src/runtime/capi.js';
import { native } from '../../../src/runtime/native.js';
import { type InputSpec, type OpCall, recordCorpus } from './corpus.js';
import { DISPOSED, Draw, damage } from './mutate.js';

export interface Outcome {
  values: number;
  errors: number;
  /** Calls that failed with something else than a coded error. */
  uncoded: string[];
  /** Calls after which more or fewer native tensors were alive than before. */
  leaks: string[];
}

const [from, to, file] = process.argv.slice(2);
await setDevice('cpu');
await ready();
const { binding } = native()!;
const corpus = recordCorpus(binding);
const progress = openSync(file!, 'w');
const outcome: Outcome = { values: 0, errors: 0, uncoded: [], leaks: [] };

for (let n = Number(from); n < Number(to); n++) {
  const draw = new Draw(n);
  const call = damage(draw.pick(corpus), draw);
  const traced = draw.chance(0.25);
  const description = JSON.stringify({ n, traced, ...call });
  writeSync(progress, `${description}\n`, 0);
  const before = binding.getNumOfTensors();
  const inputs: number[] = [];
  try {
    for (const input of call.inputs) inputs.push(create(binding, input, draw));
    if (traced) runTraced(call, inputs, `case_${n}`);
    else readAll(binding.executeOp(call.name, call.attrs, inputs, call.outputs));
    outcome.values++;
  } catch (error) {
    outcome.errors++;
    if (!(error instanceof CnnError)) outcome.uncoded.push(`${error} ${description}`);
  }
  for (const id of inputs) binding.deleteTensor(id);
  if (binding.getNumOfTensors() !== before) outcome.leaks.push(description);
}
console.log(JSON.stringify(outcome));

function runTraced(call: OpCall, inputs: readonly number[], name: string): void {
  const fn = binding.record((trace) => {
    const args = inputs.map((id) => {
      const { dtype, shape } = binding.handles.get(id);
      return isCaptured(id) ? id : trace.addArgument(dtype, shape).id;
    });
    const outputs = binding.executeOp(call.name, call.attrs, args, call.outputs);
    return binding.finishTrace(
      trace,
      name,
      outputs.map(({ id }) => id),
    );
  });
  try {
    readAll(
      binding.call(
        fn,
        inputs.filter((id) => !isCaptured(id)),
      ),
    );
  } finally {
    binding.deleteFunction(fn);
  }
}

/** Variables are captured, and so is what kernels make themselves, as constants: axes, shapes, sizes. */
function isCaptured(id: number): boolean {
  const { dtype, shape } = binding.handles.get(id);
  return dtype === DType.resource || (dtype === DType.int32 && shape.length < 2);
}

function readAll(outputs: readonly { id: number; dtype: number }[]): void {
  try {
    for (const { id, dtype } of outputs) if (dtype !== DType.resource) binding.tensorDataSync(id);
  } finally {
    for (const { id } of outputs) binding.deleteTensor(id);
  }
}

function create(binding: Binding, { dtype, shape, values }: InputSpec, draw: Draw): number {
  const size = shape.reduce((a, b) => a * b, 1);
  const small = () => draw.below(4);
  switch (dtype) {
    case DISPOSED: {
      const id = binding.createTensor([], DType.float32, [0]);
      binding.deleteTensor(id);
      return id;
    }
    case DType.resource:
      return binding.createVariable(DType.float32, shape);
    case DType.string:
      return binding.createTensor(
        shape,
        dtype,
        draw.many(size, () => Buffer.from('s'.repeat(draw.below(40)))),
      );
    case DType.complex64:
      return binding.createTensor(shape, dtype, new Float32Array(2 * size));
    case DType.int64:
      return binding.createTensor(shape, dtype, BigInt64Array.from(draw.many(size, () => BigInt(small()))));
    case DType.float32:
      return binding.createTensor(
        shape,
        dtype,
        draw.many(size, () => (draw.chance(0.05) ? Number.NaN : small() - 1.5)),
      );
    default:
      return binding.createTensor(shape, dtype, values?.length === size ? values : draw.many(size, small));
  }
}
