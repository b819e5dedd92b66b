import type { Model } from '../models/model.js';
import type { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';

/** All variables that a training step changes: weights, random numbers, the optimizer's state. */
export function variablesOf(model: Model): Variable[] {
  const { optimizer } = model.compiled;
  return [
    ...model.weights,
    ...model.layers.flatMap(({ stateVariables }) => stateVariables),
    ...(optimizer.isBuilt ? optimizer.variables : []),
  ];
}

/** Sets each variable to the value of the same place. */
export function assignAll(variables: readonly Variable[], values: readonly tf.Tensor[]): void {
  for (const [i, variable] of variables.entries()) variable.assign(values[i]!);
}

/** The state of a model at one moment. Costs no copy of what does not change. */
export class Snapshot {
  private readonly variables: readonly Variable[];
  private readonly values: readonly tf.Tensor[];

  constructor(model: Model) {
    this.variables = variablesOf(model);
    this.values = this.variables.map((variable) => tf.keep(variable.read()));
  }

  restore(): void {
    assignAll(this.variables, this.values);
  }

  dispose(): void {
    tf.dispose([...this.values]);
  }
}
