import type { Serialized } from '../../registry.js';
import type { CompileDescription } from '../description.js';
import { type ClassTable, readObject, writeObject } from './class-table.js';
import { functionName, isObject, isText, toSnake } from './kinds.js';
import type { Place } from './place.js';
import { LOSSES } from './tables/losses.js';
import { METRICS } from './tables/metrics.js';
import { OPTIMIZERS } from './tables/optimizers.js';

/** Arguments of Keras's compile that we have none for, with the values that change nothing. */
const FIXED: Readonly<Record<string, readonly unknown[]>> = {
  loss_weights: [null],
  auto_scale_loss: [true],
  // How a step is run, not what it does.
  jit_compile: [null, true, false, 'auto'],
};

/** Keras's compile config in our spelling. @throws CnnError FILE_CORRUPT, UNSUPPORTED, naming the argument */
export function readCompile(value: unknown, place: Place): CompileDescription {
  if (!isObject(value)) throw place.corrupt('an object', value);
  const {
    optimizer,
    loss,
    metrics,
    weighted_metrics,
    run_eagerly = false,
    steps_per_execution = 1,
    ...rest
  } = value;
  for (const [key, given] of Object.entries(rest)) {
    const at = place.argument(key);
    if (!Object.hasOwn(FIXED, key)) throw at.unsupported('an argument of compile', key);
    const isEmpty = Array.isArray(given) && given.length === 0;
    if (!isEmpty && !FIXED[key]!.includes(given))
      throw at.unsupported(FIXED[key]!.map(String).join(' or '), given);
  }
  if (run_eagerly !== null && typeof run_eagerly !== 'boolean') {
    throw place.argument('run_eagerly').corrupt('true or false', run_eagerly);
  }
  if (!Number.isSafeInteger(steps_per_execution) || (steps_per_execution as number) < 1) {
    throw place.argument('steps_per_execution').corrupt('a positive whole number', steps_per_execution);
  }
  return {
    optimizer: readNamed(OPTIMIZERS, optimizer, place.argument('optimizer')),
    loss: readNamed(LOSSES, single(loss), place.argument('loss')),
    metrics: readMetrics(metrics, place.argument('metrics')),
    weightedMetrics: readMetrics(weighted_metrics, place.argument('weighted_metrics')),
    jit: run_eagerly !== true,
    // Keras's default is one step a call; ours is to measure.
    stepsPerExecution: steps_per_execution === 1 ? 'auto' : (steps_per_execution as number),
  };
}

/** Our compile options as Keras's. @throws CnnError UNSUPPORTED */
export function writeCompile(description: CompileDescription, place: Place): Record<string, unknown> {
  const { optimizer, loss, metrics, weightedMetrics, jit, stepsPerExecution } = description;
  return {
    optimizer: writeNamed(OPTIMIZERS, optimizer, place.argument('optimizer')),
    loss: writeNamed(LOSSES, loss, place.argument('loss')),
    metrics: metrics.map((metric) => writeNamed(METRICS, metric, place.argument('metrics'))),
    ...(weightedMetrics.length === 0
      ? {}
      : {
          weighted_metrics: weightedMetrics.map((metric) =>
            writeNamed(METRICS, metric, place.argument('weighted_metrics')),
          ),
        }),
    ...(jit ? {} : { run_eagerly: true }),
    ...(stepsPerExecution === 'auto' ? {} : { steps_per_execution: stepsPerExecution }),
  };
}

function readMetrics(value: unknown, place: Place): (Serialized | string)[] {
  if (value === null || value === undefined) return [];
  if (!Array.isArray(value)) throw place.unsupported('a list of metrics', value);
  // Keras may keep a list for each output; a model here has one.
  const list: unknown[] = value.length === 1 && Array.isArray(value[0]) ? value[0] : value;
  return list.map((metric) => readNamed(METRICS, metric, place));
}

function readNamed(table: ClassTable, value: unknown, place: Place): Serialized | string {
  const name = functionName(value) ?? value;
  return isText(name) ? name : readObject(table, value, place);
}

function writeNamed(table: ClassTable, value: Serialized | string, place: Place): unknown {
  return typeof value === 'string' ? toSnake(value) : writeObject(table, value, place);
}

function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
