import type { DataType } from '@tensorflow/tfjs-core';
import { CnnError } from '../errors.js';
import { partSizes } from '../shape.js';
import * as tf from '../tf.js';
import { AttrType } from './attributes.js';
import type { Binding } from './binding.js';
import { DType } from './capi.js';
import { native } from './native.js';

let variableCount = 0;

/** Number of variables alive, for tests of leaks. */
export function countVariables(): number {
  return variableCount;
}

/** While `body` runs, `read` of each variable returns the value given for it. */
export function withValues<T>(
  variables: readonly Variable[],
  values: readonly tf.Tensor[],
  body: () => T,
): T {
  const bind = variables.reduceRight<() => T>(
    (inner, variable, i) => () => variable.withValue(values[i]!, inner),
    body,
  );
  return bind();
}

/** Where a variable's value lives: a resource of libtensorflow, or a tf.Variable on other backends. */
interface Store {
  read(): tf.Tensor;
  assign(value: tf.Tensor): void;
  update(op: 'AssignAddVariableOp' | 'AssignSubVariableOp', value: tf.Tensor): void;
  dispose(): void;
}

/**
 * A value that persists and changes: a weight, an optimizer's moment, a counter. On libtensorflow it is a resource
 * variable, which traced functions read and update in place.
 */
export class Variable {
  /** Its name in messages and files. */
  readonly name: string;
  /** What traced graphs call it: `dense/kernel`. */
  readonly path: string;
  /** Its size along each axis, which never changes. */
  readonly shape: readonly number[];
  /** The type of its elements, which never changes. */
  readonly dtype: DataType;
  /** Whether optimizers change it. */
  trainable: boolean;
  private store: Store | undefined;
  private bound: tf.Tensor | undefined;

  /**
   * @param initial its first value; not kept, the caller disposes of it
   * @param options what it is called, and whether optimizers change it (default: true)
   * @param options.path what traced graphs call it. Default: its name
   * @param options.columnParts in how many variables its columns are kept, so that each can be used and updated on a
   *   core of its own. Default: 1, in itself
   * @throws CnnError UNSUPPORTED inside a jit trace: make variables before
   */
  constructor(
    initial: tf.Tensor,
    {
      name = 'variable',
      path = name,
      trainable = true,
      columnParts = 1,
    }: { name?: string; path?: string; trainable?: boolean; columnParts?: number | undefined } = {},
  ) {
    this.name = name;
    this.path = path;
    this.shape = [...initial.shape];
    this.dtype = initial.dtype;
    this.trainable = trainable;
    const runtime = native();
    if (runtime?.binding.trace !== undefined) {
      throw new CnnError('UNSUPPORTED', `variable "${name}" was made while jit traces`, {
        variable: name,
        hint: 'Make it before the first call of the traced function.',
      });
    }
    if (columnParts > 1) this.store = new ColumnStore(initial, { name, path, columnParts });
    else if (runtime === undefined) this.store = new TfjsStore(initial);
    else this.store = new ResourceStore(runtime.binding, path, initial);
    variableCount++;
  }

  /** The variables that hold its value: groups of its columns, side by side along the last axis; else itself. */
  get parts(): readonly Variable[] {
    return this.store instanceof ColumnStore ? this.store.parts : [this];
  }

  /** The values of its parts now, or the one that `withValue` gave it. As for `read`. */
  readParts(): tf.Tensor[] {
    return this.bound === undefined ? this.parts.map((part) => part.read()) : [this.bound];
  }

  /** Its value now. A new tensor: the caller disposes of it, or runs in tf.tidy. */
  read(): tf.Tensor {
    return this.bound ?? this.openStore.read();
  }

  /** @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH */
  assign(value: tf.Tensor): void {
    this.check(value);
    this.openStore.assign(value);
  }

  /** Adds to its value. @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH */
  assignAdd(value: tf.Tensor): void {
    this.check(value);
    this.openStore.update('AssignAddVariableOp', value);
  }

  /** Subtracts from its value. @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH */
  assignSub(value: tf.Tensor): void {
    this.check(value);
    this.openStore.update('AssignSubVariableOp', value);
  }

  /** While `body` runs, `read` returns `value`: so a gradient is taken with respect to it. */
  withValue<T>(value: tf.Tensor, body: () => T): T {
    const outer = this.bound;
    this.bound = value;
    try {
      return body();
    } finally {
      this.bound = outer;
    }
  }

  /** The native number of its resource handle, for fused update ops; undefined on other backends, and in parts. */
  get resource(): number | undefined {
    const store = this.openStore;
    return store instanceof ResourceStore ? store.id : undefined;
  }

  /**
   * How often it may have been changed: while this number stays, so does the value. On libtensorflow only, and not where
   * it is in parts, which know of themselves.
   */
  get changes(): number | undefined {
    const store = this.openStore;
    return store instanceof ResourceStore ? store.changes : undefined;
  }

  /** Whether its value was released. */
  get isDisposed(): boolean {
    return this.store === undefined;
  }

  /** Releases its value. */
  dispose(): void {
    if (this.store === undefined) return;
    this.store.dispose();
    this.store = undefined;
    variableCount--;
  }

  private get openStore(): Store {
    if (this.store === undefined) {
      throw new CnnError('DISPOSED', `variable "${this.name}" was disposed`, { variable: this.name });
    }
    return this.store;
  }

  private check(value: tf.Tensor): void {
    if (value.shape.join() !== this.shape.join()) {
      throw new CnnError('SHAPE_MISMATCH', `variable "${this.name}" cannot take a value of another shape`, {
        variable: this.name,
        expected: `[${this.shape}]`,
        received: `[${value.shape}]`,
      });
    }
    if (value.dtype !== this.dtype) {
      throw new CnnError('DTYPE_MISMATCH', `variable "${this.name}" cannot take a value of another type`, {
        variable: this.name,
        expected: this.dtype,
        received: value.dtype,
      });
    }
  }
}

/** A variable as a resource of TensorFlow's eager runtime. It is freed with its handle. */
class ResourceStore implements Store {
  readonly id: number;
  private readonly binding: Binding;
  private readonly dtype: number;

  constructor(binding: Binding, name: string, initial: tf.Tensor) {
    this.binding = binding;
    this.dtype = DType[initial.dtype];
    this.id = binding.createVariable(this.dtype, initial.shape, name);
    this.assign(initial);
  }

  read(): tf.Tensor {
    const [value] = this.binding.executeOp('ReadVariableOp', [this.dtypeAttribute], [this.id], 1);
    return native()!.backend.createOutputTensor(value!);
  }

  assign(value: tf.Tensor): void {
    this.write('AssignVariableOp', value);
  }

  update(op: 'AssignAddVariableOp' | 'AssignSubVariableOp', value: tf.Tensor): void {
    this.write(op, value);
  }

  get changes(): number {
    return this.binding.contentsOf(this.id)!.changes;
  }

  dispose(): void {
    this.binding.deleteTensor(this.id);
  }

  private write(op: string, value: tf.Tensor): void {
    const [valueId] = native()!.backend.getInputTensorIds([value]);
    this.binding.executeOp(op, [this.dtypeAttribute], [this.id, valueId!], 0);
  }

  private get dtypeAttribute() {
    return { name: 'dtype', type: AttrType.type, value: this.dtype };
  }
}

/** A variable as others, that hold groups of its columns. */
class ColumnStore implements Store {
  readonly parts: readonly Variable[];
  private readonly widths: number[];

  constructor(
    initial: tf.Tensor,
    { name, path, columnParts }: { name: string; path: string; columnParts: number },
  ) {
    this.widths = partSizes(initial.shape.at(-1)!, columnParts);
    const values = this.split(initial);
    this.parts = values.map(
      (value, i) => new Variable(value, { name: `${name}_${i}`, path: `${path}_${i}` }),
    );
    tf.dispose(values);
  }

  read(): tf.Tensor {
    return tf.tidy(() =>
      tf.concat(
        this.parts.map((part) => part.read()),
        -1,
      ),
    );
  }

  assign(value: tf.Tensor): void {
    this.forEach(value, (part, columns) => part.assign(columns));
  }

  update(op: 'AssignAddVariableOp' | 'AssignSubVariableOp', value: tf.Tensor): void {
    const change = op === 'AssignAddVariableOp' ? 'assignAdd' : 'assignSub';
    this.forEach(value, (part, columns) => part[change](columns));
  }

  dispose(): void {
    for (const part of this.parts) part.dispose();
  }

  private forEach(value: tf.Tensor, change: (part: Variable, columns: tf.Tensor) => void): void {
    tf.tidy(() => {
      for (const [i, columns] of this.split(value).entries()) change(this.parts[i]!, columns);
    });
  }

  private split(value: tf.Tensor): tf.Tensor[] {
    return tf.split(value, this.widths, -1);
  }
}

/** A variable on any tfjs backend. */
class TfjsStore implements Store {
  private value: tf.Tensor;

  constructor(initial: tf.Tensor) {
    this.value = tf.keep(initial.clone());
  }

  read(): tf.Tensor {
    return this.value.clone();
  }

  assign(value: tf.Tensor): void {
    const old = this.value;
    this.value = tf.keep(value.clone());
    old.dispose();
  }

  update(op: 'AssignAddVariableOp' | 'AssignSubVariableOp', value: tf.Tensor): void {
    tf.tidy(() => this.assign(op === 'AssignAddVariableOp' ? this.value.add(value) : this.value.sub(value)));
  }

  dispose(): void {
    this.value.dispose();
  }
}
