import * as tf from '../tf.js';

/** A value with tensors in it: arrays and plain objects of tensors and of other values, to any depth. */
export type Nest = unknown;

/** Stands for a tensor in the structure of a result. */
export const HOLE = Symbol('tensor');

/** Finds the tensors in a value, depth first. */
export function tensorsIn(value: Nest, found: tf.Tensor[] = []): tf.Tensor[] {
  if (typeof value !== 'object' || value === null) return found;
  if (value instanceof tf.Tensor) found.push(value);
  else if (Array.isArray(value)) for (const item of value) tensorsIn(item, found);
  else if (isPlainObject(value)) for (const item of Object.values(value)) tensorsIn(item, found);
  return found;
}

/** The same value with each tensor (or hole) replaced, in the order of `tensorsIn`. */
export function replaceTensors(value: Nest, next: () => Nest): Nest {
  if (value instanceof tf.Tensor || value === HOLE) return next();
  if (Array.isArray(value)) return value.map((item) => replaceTensors(item, next));
  if (isPlainObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceTensors(item, next)]));
  }
  return value;
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

/** What nobody can look into, a closure or an object of a class, is only equal to itself. */
function identity(value: object): string {
  let number = identities.get(value);
  if (number === undefined) {
    number = identityCount++;
    identities.set(value, number);
  }
  return `#${number}`;
}

/** A key that is equal for values of the same structure, tensor types, shapes, and other contents. Made at every call. */
export function signature(value: Nest): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `${value}`;
  if (typeof value === 'function') return identity(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof tf.Tensor) return `${value.dtype}[${value.shape}]`;
  let key = '';
  if (Array.isArray(value)) {
    for (const item of value) key += `${signature(item)},`;
    return `[${key}]`;
  }
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}${JSON.stringify(value)}`;
  if (!isPlainObject(value)) return identity(value);
  for (const name of Object.keys(value)) key += `${JSON.stringify(name)}:${signature(value[name])},`;
  return `{${key}}`;
}

export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
