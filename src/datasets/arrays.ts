import { CnnError } from '../errors.js';
import { sizeOf } from '../shape.js';
import type { Column, ColumnData } from './column.js';

/** Arrays of numbers in arrays of the same length, to any depth. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** What {@link Dataset.from} takes for x and for y. */
export type Numbers = ColumnData | NestedNumbers;

/** What is to be known of arrays beside their elements. */
export interface ArrayOptions {
  /** What messages call the data set; default `'dataset'`. */
  name?: string;
  /** Shape of one sample of x; default: what the nesting says, or flat for a typed array. */
  shape?: readonly number[];
  /** Shape of one target; default: what the nesting says, or `[]` (labels) for a typed array. */
  targetShape?: readonly number[];
  /** Factor on x after its cast to float32, such as 1/255; default 1. */
  scale?: number;
  /** Number of classes; labels are then checked against it. */
  numClasses?: number;
  /** What the classes are called, by label. */
  classNames?: readonly string[];
}

/** The two columns of {@link Dataset.from}. */
export function columnsFromArrays(x: Numbers, y: Numbers, options: ArrayOptions): { x: Column; y: Column } {
  const target = toColumn('y', y, options.targetShape, () => []);
  const rows = Math.max(1, target.data.length / sizeOf(target.shape));
  // Whether x is a whole number of such samples is for the Dataset to say.
  const input = toColumn('x', x, options.shape, (length) => [Math.max(1, Math.round(length / rows))]);
  return { x: options.scale === undefined ? input : { ...input, scale: options.scale }, y: target };
}

function toColumn(
  argument: 'x' | 'y',
  values: Numbers,
  shape: readonly number[] | undefined,
  defaultShape: (length: number) => number[],
): Column {
  if (values instanceof Float32Array) {
    const index = firstNonFinite(values);
    if (index >= 0) throw notANumber(argument, `[${index}]`, values[index]);
  }
  if (values instanceof Uint8Array || values instanceof Int32Array || values instanceof Float32Array) {
    return { data: values, shape: shape ?? defaultShape(values.length) };
  }
  if (!Array.isArray(values)) {
    throw new CnnError('DTYPE_MISMATCH', `${argument} is not an array that a data set can hold`, {
      expected: 'a Uint8Array, Int32Array, Float32Array or nested arrays of numbers',
      received: Object.prototype.toString.call(values).slice(8, -1),
      hint: ArrayBuffer.isView(values) ? `Convert it: Float32Array.from(${argument}).` : undefined,
      argument,
    });
  }
  const nested = nestedShape(values);
  const flat: number[] = [];
  flatten(argument, values, nested, '', flat);
  // Whole targets are labels; inputs are measurements even where all happen to be whole.
  const data = argument === 'y' && flat.every(isInt32) ? Int32Array.from(flat) : Float32Array.from(flat);
  return { data, shape: shape ?? nested.slice(1) };
}

/** The place of a value that is not finite, or -1. */
export function firstNonFinite(values: Float32Array): number {
  return isAllFinite(values) ? -1 : values.findIndex((value) => !Number.isFinite(value));
}

/** Zero times a number is zero, unless it is not finite. Four sums, since each step of one waits for the step before. */
function isAllFinite(values: Float32Array): boolean {
  let [a, b, c, d] = [0, 0, 0, 0];
  const fours = values.length - (values.length % 4);
  for (let i = 0; i < fours; i += 4) {
    a += values[i]! * 0;
    b += values[i + 1]! * 0;
    c += values[i + 2]! * 0;
    d += values[i + 3]! * 0;
  }
  for (let i = fours; i < values.length; i++) a += values[i]! * 0;
  return a + b + c + d === 0;
}

function isInt32(value: number): boolean {
  return (value | 0) === value;
}

function nestedShape(values: NestedNumbers): number[] {
  const shape: number[] = [];
  for (let level: number | NestedNumbers | undefined = values; Array.isArray(level); level = level[0]) {
    shape.push(level.length);
  }
  return shape;
}

/** Appends the numbers of nested arrays, each level as long as `shape` says. */
function flatten(
  argument: string,
  values: NestedNumbers,
  shape: readonly number[],
  place: string,
  flat: number[],
): void {
  const [length, ...rest] = shape;
  if (values.length !== length) {
    throw new CnnError('SHAPE_MISMATCH', `${argument}${place} is longer or shorter than its neighbours`, {
      expected: `${length} entries`,
      received: String(values.length),
      argument,
      place,
    });
  }
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (rest.length === 0) {
      if (typeof value !== 'number' || !Number.isFinite(value))
        throw notANumber(argument, `${place}[${i}]`, value);
      flat.push(value);
    } else if (Array.isArray(value)) {
      flatten(argument, value, rest, `${place}[${i}]`, flat);
    } else {
      throw new CnnError(
        'SHAPE_MISMATCH',
        `${argument}${place}[${i}] is nested less deeply than its neighbours`,
        {
          expected: 'an array',
          received: String(value),
          argument,
          place: `${place}[${i}]`,
        },
      );
    }
  }
}

function notANumber(argument: string, place: string, value: unknown): CnnError {
  return new CnnError('DATA_INVALID', `${argument}${place} is not a finite number`, {
    expected: 'a finite number',
    received: Array.isArray(value) ? 'an array' : String(value),
    argument,
    place,
  });
}
