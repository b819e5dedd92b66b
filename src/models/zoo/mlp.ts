import * as layers from '../../layers/index.js';
import { Sequential } from '../sequential.js';
import type { ZooOptions } from './recipes.js';

/**
 * A multilayer perceptron with two hidden layers of 512 and dropout, the one of Keras's `mnist_mlp` example; reaches
 * 98 %.
 *
 * Input `[28, 28]`, output: probabilities `[10]`.
 */
export function mlp({ inputShape = [28, 28], classes = 10 }: ZooOptions = {}): Sequential {
  return new Sequential(
    [
      layers.flatten({ inputShape }),
      layers.dense({ units: 512, activation: 'relu' }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: 512, activation: 'relu' }),
      layers.dropout({ rate: 0.2 }),
      layers.dense({ units: classes, activation: 'softmax' }),
    ],
    { name: 'mlp' },
  );
}
