import { CnnError } from '../errors.js';
import { classes as lossClasses } from '../losses/index.js';
import { Loss } from '../losses/loss.js';
import { describe } from '../options.js';
import { canonical, findClass, type NameIn, type Serialized } from '../registry.js';
import type { Shape } from '../shape.js';
import { BinaryAccuracy } from './binary-accuracy.js';
import { CategoricalAccuracy } from './categorical-accuracy.js';
import { FunctionMetric, type MetricFunction } from './function-metric.js';
import { classes } from './index.js';
import { LossMetric } from './loss-metric.js';
import { Metric, type MetricOptions } from './metric.js';
import { SparseCategoricalAccuracy } from './sparse-categorical-accuracy.js';

/** A metric, its name, its config, a loss whose mean it is, or a function that gives a value for each sample. */
export type MetricIdentifier = NameIn<typeof classes> | Metric | Loss | Serialized | MetricFunction;

/** Of what a metric is to be: the shapes of predictions and targets, batch included. */
export interface MetricContext {
  readonly outputShape: Shape;
  readonly targetShape: Shape;
}

/** Metrics come before losses of the same name. */
const table: Record<string, { new (options: never): Metric | Loss; readonly className: string }> = {
  ...lossClasses,
  ...classes,
};

/**
 * The metric that an option means, ready for use. Names are those of the metrics' and losses' classes, in any
 * spelling, and Keras's short ones (`'mse'`). `'accuracy'` and `'acc'` mean the form that fits the shapes. A metric
 * given by its name bears that name as it was written.
 *
 * @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT
 */
export function getMetric(identifier: MetricIdentifier, context?: MetricContext): Metric {
  const metric = resolve(identifier, context);
  metric.build();
  return metric;
}

/**
 * Checks a metric before shapes are known, which decide only what `'accuracy'` means.
 *
 * @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT
 */
export function checkMetric(identifier: MetricIdentifier): void {
  resolve(identifier, { outputShape: [null, 1], targetShape: [null, 1] });
}

function resolve(identifier: MetricIdentifier, context: MetricContext | undefined): Metric {
  if (identifier instanceof Metric) return identifier;
  if (identifier instanceof Loss) return new LossMetric(identifier);
  if (typeof identifier === 'function') return new FunctionMetric(identifier);
  if (typeof identifier === 'string') {
    const options = { name: identifier };
    if (context !== undefined && ['accuracy', 'acc'].includes(canonical(identifier)))
      return new (accuracyFor(context))(options);
    return create(identifier, options);
  }
  if (typeof identifier?.className === 'string') return create(identifier.className, identifier.config);
  throw new CnnError('INVALID_ARGUMENT', 'this is not a metric', {
    expected: 'a name, a Metric, a Loss, a function, or { className, config }',
    received: describe(identifier),
  });
}

function create(className: string, config: MetricOptions): Metric {
  const made = new (findClass('metric', table, className))(config as never);
  return made instanceof Loss ? new LossMetric(made, config) : made;
}

/** Keras's rule: one output is binary; targets without the classes' axis, or with 1 there, are labels. */
function accuracyFor({ outputShape, targetShape }: MetricContext): new (options: MetricOptions) => Metric {
  if (outputShape.at(-1) === 1) return BinaryAccuracy;
  const areLabels = targetShape.length < outputShape.length || targetShape.at(-1) === 1;
  return areLabels ? SparseCategoricalAccuracy : CategoricalAccuracy;
}
