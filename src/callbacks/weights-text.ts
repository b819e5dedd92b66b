import type { WeightValues } from './callback.js';

/** Weights as JSON: their bytes in base64. */
export interface WeightsText {
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  readonly base64: string;
}

export function toText({ shape, data }: WeightValues): WeightsText {
  return {
    shape,
    dtype: data instanceof Int32Array ? 'int32' : 'float32',
    base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
}

export function fromText({ shape, dtype, base64 }: WeightsText): WeightValues {
  // A copy, because a Buffer may start at an odd byte of a shared block.
  const { buffer } = Uint8Array.from(Buffer.from(base64, 'base64'));
  return { shape, data: dtype === 'int32' ? new Int32Array(buffer) : new Float32Array(buffer) };
}
