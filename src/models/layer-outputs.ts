import type { Layer } from '../layers/layer.js';
import { observeLayers } from '../layers/observe.js';
import { HostArray } from '../runtime/host-array.js';
import { type JitFunction, jit } from '../runtime/jit.js';
import * as tf from '../tf.js';
import type { Model } from './model.js';
import { type ArrayLike, type RowFormat, Source, takeRows } from './source.js';

/** What a layer gives for some samples. */
export interface LayerOutput {
  /** The layer that gave it. */
  readonly layer: Layer;
  /** [samples, ...] */
  readonly output: HostArray;
}

/**
 * Looks into a model: what each layer gives on the way from input to output, as in `predict` (dropout drops nothing).
 * Compiled once, so it can follow a drawing as it is made.
 *
 * @example
 * const inside = new LayerOutputs(model);
 * for (const { layer, output } of await inside.of(test.slice(0, 1).x)) console.log(layer.name, output.shape);
 * inside.dispose();
 */
export class LayerOutputs {
  private readonly model: Model;
  private readonly step: JitFunction<
    [values: tf.Tensor, format: RowFormat, rows: tf.Tensor],
    Record<string, tf.Tensor>
  >;

  /** @param model built, as a loaded or trained one is */
  constructor(model: Model) {
    this.model = model;
    this.step = jit((values, format, rows) => this.outputs(takeRows(values, format, rows)), {
      name: 'layerOutputs',
    });
  }

  /**
   * @param x samples, computed as one batch
   * @returns for each layer what it gives, in their order; the first time, where a layer is applied more than once
   * @throws CnnError SHAPE_MISMATCH, DTYPE_MISMATCH, DATA_INVALID
   */
  async of(x: ArrayLike): Promise<LayerOutput[]> {
    const source = Source.of(x, 'x', this.model.inputShape?.slice(1));
    const rows = tf.range(0, source.rows, 1, 'int32');
    try {
      const outputs = await this.step.async(source.values, source.format, rows);
      const layers = this.model.layers.map((layer) => ({
        layer,
        output: HostArray.fromSync(outputs[layer.name]!),
      }));
      tf.dispose(outputs);
      return layers;
    } finally {
      rows.dispose();
      source.dispose();
    }
  }

  /** Releases the compiled function. */
  dispose(): void {
    this.step.dispose();
  }

  private outputs(x: tf.Tensor): Record<string, tf.Tensor> {
    const kept: Record<string, tf.Tensor> = {};
    try {
      observeLayers(
        (layer, output) => {
          kept[layer.name] ??= tf.keep(output.clone());
        },
        () => this.model.apply(x),
      );
      return Object.fromEntries(Object.entries(kept).map(([name, output]) => [name, output.clone()]));
    } finally {
      tf.dispose(kept);
    }
  }
}
