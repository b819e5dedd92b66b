import { HostArray } from '../runtime/host-array.js';

/** Weights as JSON: their bytes in base64. */
export interface WeightsText {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32' | 'bool';
  readonly base64: string;
}

export function toText({ shape, data }: HostArray): WeightsText {
  const dtype = data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';
  return {
    shape,
    dtype,
    base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
}

export function fromText({ shape, dtype, base64 }: WeightsText): HostArray {
  // A copy, because a Buffer may start at an odd byte of a shared block.
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  const typed = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype];
  return new HostArray(shape, new typed(bytes.buffer));
}
