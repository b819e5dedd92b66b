import type { Serialized } from '../registry.js';
import type { Shape } from '../shape.js';

/** A weight, or what an optimizer keeps. */
export interface StoredValue {
  /** For messages: its path in the file. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'int32';
  /** In C order. Made at each reading, where it comes from a file. */
  readonly values: Float32Array | Int32Array;
}

export interface LayerDescription extends Serialized {
  /** The shape for which it was built, batch dimension included; undefined for one without weights. */
  readonly inputShape: Shape | undefined;
  /** In Keras's order: trainable, then non-trainable. */
  readonly weights: readonly StoredValue[];
}

/** What `compile` was given. */
export interface CompileDescription {
  readonly optimizer: Serialized | string;
  readonly loss: Serialized | string;
  readonly metrics: readonly (Serialized | string)[];
  readonly weightedMetrics: readonly (Serialized | string)[];
  readonly jit: boolean;
  readonly stepsPerExecution: number | 'auto';
}

/** A model, without any of its classes: what file formats are written from and read into. */
export interface ModelDescription {
  readonly className: 'Sequential';
  readonly name: string;
  /** Batch dimension included; undefined for a model that was not built. */
  readonly inputShape: Shape | undefined;
  readonly layers: readonly LayerDescription[];
  readonly compile: CompileDescription | undefined;
  /** In Keras's order; undefined for an optimizer that was not built. */
  readonly optimizerState: readonly StoredValue[] | undefined;
}
