import { CnnError } from '../errors.js';
import { HostArray } from '../runtime/host-array.js';
import { formatShape, isCompatible, type Shape } from '../shape.js';
import * as tf from '../tf.js';

/** Element types of graphs. */
export type GraphDType = 'float32' | 'int32' | 'bool';

/** Arrays in arrays of the same length, to any depth, of numbers or booleans. */
export type NestedValues = readonly (number | boolean | NestedValues)[];

/** Values as programs have them. */
export type HostValues = number | boolean | NestedValues | Float32Array | Int32Array | Uint8Array | HostArray;

/** Flat values with the shape that they came in; none where a typed array says nothing of it. */
interface Flat {
  readonly data: ArrayLike<number | boolean>;
  readonly shape: readonly number[] | undefined;
}

/** The type that values are given where nobody asks for one. */
export function naturalDType(values: HostValues): GraphDType {
  if (values instanceof HostArray)
    return values.data instanceof Uint8Array ? 'bool' : naturalDType(values.data);
  if (values instanceof Float32Array) return 'float32';
  if (ArrayBuffer.isView(values)) return 'int32';
  const first = Array.isArray(values) ? values.flat(Number.POSITIVE_INFINITY)[0] : values;
  return typeof first === 'boolean' ? 'bool' : 'float32';
}

/**
 * Values as a HostArray of one type and of a shape that fits.
 *
 * @param place whose values these are, for messages: `placeholder "x"`
 * @param shape where given, it has to fit; of a flat typed array it says the shape, with at most one unknown size
 * @throws CnnError SHAPE_MISMATCH; DTYPE_MISMATCH for a value that the type does not hold
 */
export function toHostArray(place: string, values: HostValues, dtype: GraphDType, shape?: Shape): HostArray {
  const flat = flatten(place, values);
  const own = flat.shape ?? shapeOfFlat(place, flat.data.length, shape);
  if (shape !== undefined && !isCompatible(own, shape)) throw shapeError(place, shape, formatShape(own));
  return new HostArray(own, convert(place, flat.data, dtype));
}

/** The error for values of a shape that does not fit. */
export function shapeError(place: string, expected: Shape, received: string): CnnError {
  return new CnnError('SHAPE_MISMATCH', `${place} cannot take values of this shape`, {
    place,
    expected: formatShape(expected),
    received,
  });
}

function flatten(place: string, values: HostValues): Flat {
  if (typeof values === 'number' || typeof values === 'boolean') return { data: [values], shape: [] };
  if (values instanceof HostArray) return values;
  if (ArrayBuffer.isView(values)) return { data: values, shape: undefined };
  if (!Array.isArray(values)) throw valueError(place, 'numbers, or arrays of numbers', values);
  const shape: number[] = [];
  for (let level: unknown = values; Array.isArray(level); level = level[0]) shape.push(level.length);
  const data: (number | boolean)[] = [];
  append(place, values, shape, data);
  return { data, shape };
}

function append(
  place: string,
  values: NestedValues,
  shape: readonly number[],
  data: (number | boolean)[],
): void {
  const [length, ...rest] = shape;
  if (values.length !== length) throw raggedError(place, `${length} entries`, `${values.length}`);
  for (const value of values) {
    if (Array.isArray(value) !== rest.length > 0)
      throw raggedError(place, `${shape.length} levels`, 'others');
    if (rest.length > 0) append(place, value as NestedValues, rest, data);
    else data.push(value as number | boolean);
  }
}

function shapeOfFlat(place: string, length: number, shape: Shape | undefined): number[] {
  if (shape === undefined) return [length];
  const known = shape.reduce<number>((size, extent) => size * (extent ?? 1), 1);
  const unknown = shape.filter((extent) => extent === null).length;
  const rest = length / known;
  if (unknown > 1 || !Number.isInteger(rest) || (unknown === 0 && rest !== 1)) {
    throw shapeError(place, shape, `${length} values without a shape`);
  }
  return shape.map((extent) => extent ?? rest);
}

function convert(place: string, data: ArrayLike<number | boolean>, dtype: GraphDType): HostArray['data'] {
  if (dtype === 'float32' && data instanceof Float32Array) return data;
  if (dtype === 'int32' && data instanceof Int32Array) return data;
  const { accepts, expected, make } = KINDS[dtype];
  for (let i = 0; i < data.length; i++) if (!accepts(data[i])) throw valueError(place, expected, data[i]);
  return make(data as ArrayLike<number>);
}

interface Kind {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  readonly make: (data: ArrayLike<number>) => HostArray['data'];
}

const KINDS: Readonly<Record<GraphDType, Kind>> = {
  float32: {
    expected: 'numbers (float32)',
    accepts: (value) => typeof value === 'number',
    make: (data) => Float32Array.from(data),
  },
  int32: {
    expected: 'whole numbers (int32)',
    accepts: (value) => typeof value === 'number' && (value | 0) === value,
    make: (data) => Int32Array.from(data),
  },
  bool: {
    expected: 'booleans',
    accepts: (value) => typeof value === 'boolean' || value === 0 || value === 1,
    make: (data) => Uint8Array.from(data, Number),
  },
};

function valueError(place: string, expected: string, value: unknown): CnnError {
  const received =
    typeof value === 'object' ? Object.prototype.toString.call(value) : `${typeof value} ${value}`;
  return new CnnError('DTYPE_MISMATCH', `${place} cannot take such values`, { place, expected, received });
}

function raggedError(place: string, expected: string, received: string): CnnError {
  return new CnnError('SHAPE_MISMATCH', `${place}: nested arrays of unequal lengths`, {
    place,
    expected,
    received,
  });
}

/** A fed tensor, as it is; anything else as a new one. */
export function toFeed(
  place: string,
  values: HostValues | tf.Tensor,
  dtype: GraphDType,
  shape: Shape | undefined,
): tf.Tensor {
  if (!(values instanceof tf.Tensor)) return toHostArray(place, values, dtype, shape).toTensor();
  if (values.dtype !== dtype) {
    throw new CnnError('DTYPE_MISMATCH', `${place} cannot take a tensor of this type`, {
      place,
      expected: dtype,
      received: values.dtype,
    });
  }
  if (shape !== undefined && !isCompatible(values.shape, shape)) {
    throw shapeError(place, shape, formatShape(values.shape));
  }
  return values;
}
