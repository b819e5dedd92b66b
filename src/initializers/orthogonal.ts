import { CnnError } from '../errors.js';
import { number, orElse, type SchemaOf, seed } from '../options.js';
import { native } from '../runtime/native.js';
import { nativeOp } from '../runtime/op.js';
import type { SeedGenerator } from '../runtime/random.js';
import { formatShape, sizeOf } from '../shape.js';
import * as tf from '../tf.js';
import { RandomInitializer, type RandomInitializerOptions } from './random-initializer.js';

/** What {@link Orthogonal} takes. */
export interface OrthogonalOptions extends RandomInitializerOptions {
  /** Factor of the matrix. Default: 1. */
  gain?: number;
}

const schema = { gain: orElse(number(), 1), seed } satisfies SchemaOf<OrthogonalOptions>;

/**
 * A random matrix with orthonormal columns (rows, where it has fewer of them), times a gain. A weight of higher
 * rank is taken as a matrix of all its other axes by the last.
 *
 * Source: Saxe et al. 2014, https://arxiv.org/abs/1312.6120.
 *
 * @throws CnnError SHAPE_MISMATCH for a weight of rank below 2
 */
export class Orthogonal extends RandomInitializer<typeof schema> {
  static readonly className = 'Orthogonal';

  constructor(options: OrthogonalOptions = {}) {
    super(schema, options);
  }

  protected draw(shape: number[], random: SeedGenerator): tf.Tensor {
    if (shape.length < 2) {
      throw new CnnError('SHAPE_MISMATCH', 'the orthogonal initializer makes matrices', {
        expected: 'a shape of rank 2 or more',
        received: formatShape(shape),
      });
    }
    const columns = shape.at(-1)!;
    const rows = sizeOf(shape) / columns;
    const [q, r] = decompose(
      random.normal([Math.max(rows, columns), Math.min(rows, columns)]) as tf.Tensor2D,
    );
    // Signs by R's diagonal make all such matrices equally likely.
    const signs = r.mul(tf.eye(r.shape[0])).sum(0).sign();
    const uniform = q.mul(signs);
    return (rows < columns ? uniform.transpose() : uniform).reshape(shape).mul(this.options.gain);
  }
}

/** Q with orthonormal columns and R upper triangular, both as narrow as the matrix. */
function decompose(matrix: tf.Tensor2D): [q: tf.Tensor, r: tf.Tensor2D] {
  if (native() === undefined) return tf.linalg.qr(matrix) as [tf.Tensor, tf.Tensor2D];
  return nativeOp('Qr', [matrix], { full_matrices: false }, 2) as [tf.Tensor, tf.Tensor2D];
}
