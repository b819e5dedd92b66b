import * as tf from '../tf.js';

/** What this module needs of tfjs's engine, which does not show its tape. */
interface Taping {
  readonly state: { gradientDepth: number; activeTape: { readonly saved: readonly tf.Tensor[] }[] | null };
  gradients(...args: unknown[]): unknown;
}

/**
 * tfjs keeps what each op saves for its gradient until the gradients are computed, and for good when the function
 * or its gradient throws. Here the outermost computation that fails releases it.
 */
function releaseTapeOnError(engine: Taping): void {
  const { gradients } = engine;
  engine.gradients = (...args) => {
    try {
      return gradients.apply(engine, args);
    } catch (error) {
      if (engine.state.gradientDepth === 0) {
        for (const { saved } of engine.state.activeTape ?? []) tf.dispose([...saved]);
        engine.state.activeTape = null;
      }
      throw error;
    }
  };
}

releaseTapeOnError(tf.engine() as unknown as Taping);
