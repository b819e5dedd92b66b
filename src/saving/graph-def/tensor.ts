import { bytes, message, whole } from '../../runtime/message.js';
import { fields } from '../../runtime/wire.js';

/** TensorFlow's numbers for types. */
export const DT_FLOAT = 1;
export const DT_INT32 = 3;
export const DT_INT64 = 9;

/** A tensor of whole numbers, as attributes of graphs hold it. */
export interface WholeTensor {
  readonly dtype: typeof DT_INT32 | typeof DT_INT64;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** AttrValue: type 6. */
export function typeAttribute(dtype: number): Uint8Array {
  return message(whole(6, dtype));
}

/** AttrValue: shape 7. @param shape null where a size is open */
export function shapeAttribute(shape: readonly (number | null)[]): Uint8Array {
  return message(bytes(7, shapeProto(shape)));
}

/** AttrValue: tensor 8. */
export function tensorAttribute({ dtype, shape, values }: WholeTensor): Uint8Array {
  const content =
    dtype === DT_INT32 ? Int32Array.from(values) : BigInt64Array.from(values, (value) => BigInt(value));
  return message(
    bytes(8, message(whole(1, dtype), bytes(2, shapeProto(shape)), bytes(4, new Uint8Array(content.buffer)))),
  );
}

/** TensorShapeProto: dim 2 { size 1 }; -1 is open. */
export function shapeProto(shape: readonly (number | null)[]): Uint8Array {
  return message(...shape.map((size) => bytes(2, message(whole(1, size ?? -1)))));
}

/**
 * The tensor of whole numbers in an AttrValue, if it holds one. TensorProto: dtype 1, tensor_shape 2,
 * tensor_content 4, int_val 7, int64_val 10; of values that are listed the last one counts for all that follow.
 */
export function readWholeTensor(attribute: Uint8Array): WholeTensor | undefined {
  const tensor = find(attribute, 8);
  if (!(tensor instanceof Uint8Array)) return undefined;
  const dtype = Number(find(tensor, 1));
  if (dtype !== DT_INT32 && dtype !== DT_INT64) return undefined;
  const dims = find(tensor, 2) as Uint8Array | undefined;
  const shape =
    dims === undefined
      ? []
      : [...fields(dims)]
          .filter(({ number }) => number === 2)
          .map(({ value }) => Number(find(value as Uint8Array, 1) ?? 0n));
  const count = shape.reduce((product, size) => product * size, 1);
  const content = find(tensor, 4) as Uint8Array | undefined;
  const values =
    content === undefined ? listed(tensor, dtype === DT_INT32 ? 7 : 10) : fromContent(content, dtype);
  return { dtype, shape, values: Array.from({ length: count }, (_, i) => values[i] ?? values.at(-1) ?? 0) };
}

function find(encoded: Uint8Array, wanted: number): bigint | Uint8Array | undefined {
  for (const { number, value } of fields(encoded)) if (number === wanted) return value;
  return undefined;
}

function fromContent(content: Uint8Array, dtype: number): number[] {
  // A copy: views of whole numbers begin at multiples of their size.
  const { buffer } = Uint8Array.from(content);
  return dtype === DT_INT32
    ? [...new Int32Array(buffer)]
    : Array.from(new BigInt64Array(buffer), (value) => Number(value));
}

/** Values one by one, packed or not: varints, negative ones as 64 bits. */
function listed(tensor: Uint8Array, number: number): number[] {
  return [...fields(tensor)]
    .filter((field) => field.number === number)
    .flatMap(({ value }) => (value instanceof Uint8Array ? [...varints(value)] : [value]))
    .map((value) => Number(BigInt.asIntN(64, value)));
}

function* varints(packed: Uint8Array): Generator<bigint> {
  let value = 0n;
  let shift = 0n;
  for (const byte of packed) {
    value |= BigInt(byte & 0x7f) << shift;
    shift += 7n;
    if (byte >= 0x80) continue;
    yield value;
    value = 0n;
    shift = 0n;
  }
}
