import { sizeOf } from '../shape.js';
import * as tf from '../tf.js';
import type { Binding } from './binding.js';
import { type CApi, DType, type Pointer } from './capi.js';
import type { TracedFunction, TraceOptions } from './graph.js';
import { compileFor } from './jit.js';
import { native } from './native.js';

/** A function made for one that is called again and again, or undefined on backends other than libtensorflow. */
export function directCall(
  fn: (x: tf.Tensor) => tf.Tensor,
  shape: readonly number[],
  label: string,
  options?: TraceOptions,
): DirectCall | undefined {
  const runtime = native();
  return runtime === undefined ? undefined : new DirectCall(runtime.binding, fn, shape, label, options);
}

/**
 * A compiled function of one float32 tensor that gives one, with as little as possible around it: what goes in has its
 * place in native memory, the native call is prepared once, and what comes out is no tensor of tfjs.
 */
export class DirectCall {
  /** Whether XLA can compile for the device. */
  readonly canUseXla: boolean;
  private isXlaUsed = false;
  private readonly binding: Binding;
  private readonly fn: TracedFunction;
  private readonly shape: readonly number[];
  private readonly resultLength: number;
  private readonly inputId: number;
  /** Where the values of the input are. */
  private readonly place: Pointer;
  private readonly op: Pointer;
  private readonly inputs: readonly Pointer[];
  /** Whether the native call is ready but for its inputs. */
  private isPrepared = false;
  /** Where the handle of the result arrives. */
  private readonly outputs = new BigUint64Array(1);
  private readonly count = new Int32Array(1);

  /** @throws CnnError as `jit` */
  constructor(
    binding: Binding,
    fn: (x: tf.Tensor) => tf.Tensor,
    shape: readonly number[],
    label: string,
    options?: TraceOptions,
  ) {
    this.binding = binding;
    this.canUseXla = !binding.context.hasGpu;
    this.shape = shape;
    const example = tf.zeros([...shape]);
    try {
      this.fn = compileFor(fn, example, label, options);
    } finally {
      example.dispose();
    }
    this.resultLength = sizeOf(this.fn.outputs[0]!.shape);
    this.inputId = this.newInput();
    const { context, handles } = binding;
    const { c, pointer, status } = context;
    const { handle } = handles.concrete(this.inputId);
    const tensor = c.resolveHandle(handle, status);
    context.check('find the place of a tensor');
    this.place = c.tensorData(tensor);
    c.deleteTensor(tensor);
    this.inputs = [handle, ...this.fn.captures];
    this.op = c.newOp(pointer, this.fn.name, status);
    context.check(this.fn.name);
  }

  /** Whether `run` takes what XLA compiled. Only after `compile`. */
  get usesXla(): boolean {
    return this.isXlaUsed;
  }

  set usesXla(value: boolean) {
    if (value !== this.isXlaUsed) this.isPrepared = false;
    this.isXlaUsed = value;
  }

  /** @param values as many as the shape says @returns those of the result, in the program's own memory */
  run(values: Float32Array): Float32Array {
    const { op, fn, outputs, count } = this;
    const { c, status } = this.binding.context;
    c.memcpyIn(this.place, values, values.byteLength);
    this.prepare();
    // The call takes its inputs with it, and leaves the rest; unless it fails.
    this.isPrepared = false;
    for (const input of this.inputs) c.opAddInput(op, input, status);
    count[0] = 1;
    c.execute(op, outputs, count, status);
    this.binding.context.check(fn.name);
    this.isPrepared = true;
    const tensor = c.resolveHandle(outputs[0]!, status);
    this.binding.context.check(fn.name);
    const result = new Float32Array(this.resultLength);
    c.memcpyOut(result, c.tensorData(tensor), result.byteLength);
    c.deleteTensor(tensor);
    c.deleteHandle(outputs[0]!);
    return result;
  }

  private prepare(): void {
    if (this.isPrepared) return;
    const { c, status } = this.binding.context;
    c.resetOp(this.op, this.fn.name, null, status);
    if (this.usesXla) compileWithXla(c, this.op);
    this.isPrepared = true;
  }

  /** Has XLA compile the function, on another thread. @throws CnnError NATIVE_OP_FAILED where it cannot */
  async compile(): Promise<void> {
    const { context, handles } = this.binding;
    const { c } = context;
    const input = this.newInput();
    try {
      const inputs = [handles.concrete(input).handle, ...this.fn.captures];
      const withXla = (op: Pointer) => compileWithXla(c, op);
      for (const output of await context.executeAsync(this.fn.name, inputs, withXla, 1))
        c.deleteHandle(output);
    } finally {
      handles.delete(input);
    }
  }

  /** Not while it compiles. */
  dispose(): void {
    this.binding.context.c.deleteOp(this.op);
    this.binding.deleteTensor(this.inputId);
    this.binding.deleteFunction(this.fn);
  }

  private newInput(): number {
    return this.binding.createTensor([...this.shape], DType.float32, new Float32Array(sizeOf(this.shape)));
  }
}

function compileWithXla(c: CApi, op: Pointer): void {
  c.opSetBool(op, '_XlaMustCompile', 1);
}
