import type { LayerStatistics, Statistics } from './statistics.js';

/** A layer with a kernel, and its gradient in relation to its size: what a step of length 1 would change of it. */
export interface LayerGradient {
  readonly layer: LayerStatistics;
  readonly gradientNorm: number;
  readonly norm: number;
  readonly relative: number;
  /** Size of one update in relation to the kernel. */
  readonly update: number;
}

/** The layers' kernels, in order. (Biases and scales start at 0 or 1, which says nothing of their size.) */
export function layerGradients({ layers }: Statistics): LayerGradient[] {
  return layers.flatMap((layer) => {
    const kernel = layer.weights.find(({ shape }) => shape.length > 1);
    if (kernel === undefined) return [];
    const { norm, gradientNorm, updateNorm } = kernel;
    return [{ layer, norm, gradientNorm, relative: gradientNorm / norm, update: updateNorm / norm }];
  });
}
