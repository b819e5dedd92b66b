import type { Sequential } from '../../src/models/sequential.js';
import * as tf from '../../src/tf.js';

/** Weights that all differ, so that none can stand for another. */
export function setDistinct(model: Sequential): void {
  let next = 1;
  tf.tidy(() => {
    model.setWeights(
      model.weights.map(({ shape }) => {
        const size = shape.reduce((a, b) => a * b, 1);
        const start = next;
        next += size;
        return tf
          .range(start, start + size)
          .div(100)
          .reshape([...shape]);
      }),
    );
  });
}
