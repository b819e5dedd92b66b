import type { KernelFunc, MaxPoolGradAttrs, TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../../tf.js';
import type { WasmBackend } from '../fallback-kernels.js';

/**
 * The gradient of max pooling: each window's gradient goes to its greatest value, the first of equals. tfjs's kernel
 * looks at every window for every input, and takes ten times as long as this loop.
 */
export const maxPoolGrad: KernelFunc = ({ inputs, attrs, backend }) => {
  const { dy, input } = inputs as { dy: TensorInfo; input: TensorInfo };
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as MaxPoolGradAttrs;
  const wasm = backend as WasmBackend;
  const shape = input.shape as [number, number, number, number];
  const info = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
  const { inHeight, inWidth, outHeight, outWidth, inChannels: channels } = info;
  const dx = wasm.makeOutput(shape, 'float32');
  const values = wasm.typedArrayFromHeap(input);
  const above = wasm.typedArrayFromHeap(dy);
  const gradient = wasm.typedArrayFromHeap(dx).fill(0);
  let from = 0;
  for (let sample = 0; sample < info.batchSize; sample++) {
    const image = sample * inHeight * inWidth * channels;
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const row = outRow * info.strideHeight - info.padInfo.top;
      const firstRow = Math.max(0, row);
      const endRow = Math.min(inHeight, row + info.effectiveFilterHeight);
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const column = outColumn * info.strideWidth - info.padInfo.left;
        const firstColumn = Math.max(0, column);
        const endColumn = Math.min(inWidth, column + info.effectiveFilterWidth);
        for (let channel = 0; channel < channels; channel++) {
          let greatest = Number.NEGATIVE_INFINITY;
          let place = -1;
          for (let y = firstRow; y < endRow; y++) {
            let at = image + (y * inWidth + firstColumn) * channels + channel;
            for (let x = firstColumn; x < endColumn; x++, at += channels) {
              const value = values[at]!;
              if (value > greatest || place < 0) {
                greatest = value;
                place = at;
              }
            }
          }
          if (place >= 0) gradient[place]! += above[from]!;
          from++;
        }
      }
    }
  }
  return dx;
};
