import type { Layer } from '../layers/layer.js';

/** The activations that can die or saturate. */
export type ActivationKind = 'relu' | 'sigmoid' | 'tanh' | 'softmax';

const KINDS: Readonly<Record<string, ActivationKind>> = {
  relu: 'relu',
  relu6: 'relu',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softmax: 'softmax',
};

/** The activation that gives a layer's output, as its config says; undefined for another one, or none. */
export function activationOf(layer: Layer): ActivationKind | undefined {
  const { activation, negativeSlope, recurrentActivation } = layer.getConfig();
  // What comes out of a recurrent layer is a product of activations.
  if (recurrentActivation !== undefined) return undefined;
  if (typeof activation === 'string') return KINDS[activation];
  if (layer.className === 'ReLU') return negativeSlope ? undefined : 'relu';
  return layer.className === 'Softmax' ? 'softmax' : undefined;
}

/** The axis of a layer's units, which all other axes but the first are positions of. */
export function unitAxis(layer: Layer, rank: number): number {
  return layer.getConfig().dataFormat === 'channelsFirst' ? 1 : rank - 1;
}
