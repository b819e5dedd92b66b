import type { Model } from '../models/model.js';
import { HostArray } from '../runtime/host-array.js';

/** The numbers of one weight. */
export interface WeightSummary {
  readonly layer: string;
  readonly name: string;
  readonly shape: readonly number[];
  readonly mean: number;
  readonly deviation: number;
  readonly least: number;
  readonly largest: number;
}

/** Mean, standard deviation and range of each weight of a model. */
export function weightTable(model: Model): WeightSummary[] {
  return model.layers.flatMap(({ name: layer, weights }) =>
    weights.map((weight) => {
      const value = weight.read();
      const { data } = HostArray.fromSync(value);
      value.dispose();
      let [sum, squares, least, largest] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (const element of data) {
        sum += element;
        squares += element * element;
        least = Math.min(least, element);
        largest = Math.max(largest, element);
      }
      const mean = sum / data.length;
      const deviation = Math.sqrt(Math.max(0, squares / data.length - mean * mean));
      return { layer, name: weight.name, shape: weight.shape, mean, deviation, least, largest };
    }),
  );
}
