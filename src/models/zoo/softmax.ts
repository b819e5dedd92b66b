import * as layers from '../../layers/index.js';
import { Sequential } from '../sequential.js';
import type { ZooOptions } from './recipes.js';

/**
 * Softmax regression: every pixel votes for every digit. The first model of TensorFlow's old MNIST tutorial; reaches
 * 92 %.
 *
 * Input `[28, 28]`, output: probabilities `[10]`.
 */
export function softmax({ inputShape = [28, 28], classes = 10 }: ZooOptions = {}): Sequential {
  return new Sequential(
    [layers.flatten({ inputShape }), layers.dense({ units: classes, activation: 'softmax' })],
    { name: 'softmax' },
  );
}
