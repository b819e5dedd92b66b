import { CnnError } from '../errors.js';
import { count, type JsonKind, listOf, object, text } from '../json-kind.js';
import { HostArray } from '../runtime/host-array.js';
import { sizeOf } from '../shape.js';

/** Weights as JSON: their bytes in base64. */
export interface WeightsText {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly base64: string;
}

const TYPES = { float32: Float32Array, int32: Int32Array, bool: Uint8Array } as const;

export const weightsText: JsonKind<WeightsText> = object({
  shape: listOf(count),
  dtype: (value): value is WeightsText['dtype'] => Object.keys(TYPES).includes(value as string),
  base64: text,
});

export function toText({ shape, data }: HostArray): WeightsText {
  const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';
  return {
    shape,
    dtype,
    base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
}

/** @throws CnnError FILE_CORRUPT where the bytes are not as many as the shape says */
export function fromText({ shape, dtype, base64 }: WeightsText): HostArray {
  // A copy, because a Buffer may start at an odd byte of a shared block.
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  const size = sizeOf(shape) * TYPES[dtype].BYTES_PER_ELEMENT;
  if (bytes.length === size) return new HostArray(shape, new TYPES[dtype](bytes.buffer));
  throw new CnnError('FILE_CORRUPT', 'weights in a state have another size than their shape says', {
    expected: `${size} bytes`,
    received: String(bytes.length),
  });
}
