import * as tf from '../tf.js';
import { rememberScope } from './scope.js';

/** What this module needs of tfjs's engine, which does not show its tape. */
interface Taping {
  readonly state: { gradientDepth: number; activeTape: TapeNode[] | null };
  gradients(...args: unknown[]): unknown;
  addTapeNode(...args: unknown[]): void;
}

interface TapeNode {
  readonly saved: readonly tf.Tensor[];
  /** Gives for each input a function that computes its gradient. */
  gradient?(dys: tf.Tensor[]): Record<string, () => tf.Tensor>;
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

/** The gradients of an op are computed in the scopes that the op was in. */
function keepScopes(engine: Taping): void {
  const { addTapeNode } = engine;
  engine.addTapeNode = (...args) => {
    addTapeNode.apply(engine, args);
    const node = engine.state.activeTape!.at(-1)!;
    const { gradient } = node;
    if (gradient === undefined) return;
    const within = rememberScope();
    node.gradient = (dys) => {
      const ofInputs = within(() => gradient(dys));
      return Object.fromEntries(
        Object.entries(ofInputs).map(([name, compute]) => [name, () => within(compute)]),
      );
    };
  };
}

const engine = tf.engine() as unknown as Taping;
releaseTapeOnError(engine);
keepScopes(engine);
