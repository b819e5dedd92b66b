import * as layers from '../../layers/index.js';
import { Sequential } from '../sequential.js';
import type { ZooOptions } from './recipes.js';

/**
 * A convolutional network, that of Keras's "Simple MNIST convnet" example; reaches 99 %.
 *
 * Input `[28, 28]`, output: probabilities `[10]`.
 */
export function cnn({ inputShape = [28, 28], classes = 10 }: ZooOptions = {}): Sequential {
  return new Sequential(
    [
      layers.reshape({ targetShape: [...inputShape, 1], inputShape }),
      layers.conv2d({ filters: 32, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.conv2d({ filters: 64, kernelSize: 3, activation: 'relu' }),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dropout({ rate: 0.5 }),
      layers.dense({ units: classes, activation: 'softmax' }),
    ],
    { name: 'cnn' },
  );
}
