import type { Recording } from '../runtime/native-profiler.js';
import { toNodeName } from '../runtime/node-name.js';
import type { Span } from '../runtime/spans.js';
import { CATEGORIES, type Category } from './activity.js';
import { divide, type Share } from './timeline.js';

/** Where the time of a training step goes. All times are milliseconds of one step, the mean of those profiled. */
export interface Profile {
  /** Steps that were profiled, and in how many calls of TensorFlow they ran. */
  readonly steps: number;
  /** Calls of TensorFlow in which they ran. */
  readonly calls: number;
  /** What a step took. */
  readonly time: number;
  /** What a step took just before, without being profiled: the median. */
  readonly timeBefore: number;
  /** Processor time of the whole process. */
  readonly processorTime: number;
  /** Cores of the machine. */
  readonly cores: number;
  /**
   * For each kind of activity: its part of `time`, where what runs at once shares, and the time of cores that it took.
   * All `time`s add up to the step's; all `coreTime`s and `idle` to the step's time on all cores.
   */
  readonly categories: readonly CategoryTime[];
  /** Time of cores in which nothing of this process ran, as far as TensorFlow's threads and the program show. */
  readonly idle: number;
  /** The ops of the step's graph, the longest first. */
  readonly ops: readonly OpTime[];
  /** The model's layers, in their order, without updates of their weights. */
  readonly layers: readonly LayerTime[];
  /** What the program itself did, the longest first; `call` waits for TensorFlow. */
  readonly spans: readonly SpanTime[];
  /** The file with every event, which chrome://tracing and Perfetto show. */
  readonly traceFile: string;
}

/** Time of one kind of activity. */
export interface CategoryTime {
  /** For example `products`: matrix products and convolutions, with their gradients. */
  readonly category: Category;
  /** Its part of the step. */
  readonly time: number;
  /** Of cores. */
  readonly coreTime: number;
}

/** Time of one op of the graph. */
export interface OpTime {
  /** Its name: `dense/MatMul_25`. */
  readonly node: string;
  /** TensorFlow's type of op: `MatMul`. */
  readonly type: string;
  /** What it counts as. */
  readonly category: Category;
  /** Its part of the step. */
  readonly time: number;
  /** How often it ran in a step. */
  readonly count: number;
}

/** Time of one layer, of its ops in both directions. */
export interface LayerTime {
  /** The layer's name. */
  readonly layer: string;
  /** Its part of the step in computing its output. */
  readonly forward: number;
  /** Its part of the step in computing gradients. */
  readonly backward: number;
}

/** Time of something that the program does beside TensorFlow. */
export interface SpanTime {
  /** What: `call`, `read losses`, a callback's method. */
  readonly name: string;
  /** Without what is told apart inside of it. */
  readonly time: number;
  /** How often it happened in a step. */
  readonly count: number;
}

/** What was seen of some steps. */
export interface Observation {
  readonly recording: Recording;
  readonly spans: readonly Span[];
  readonly steps: number;
  readonly calls: number;
  /** Milliseconds of a step before. */
  readonly timeBefore: number;
  /** Milliseconds of processor time in all. */
  readonly processorTime: number;
  readonly cores: number;
  readonly layers: readonly string[];
  readonly traceFile: string;
}

/** Adds up what was seen. */
export function profileOf(observation: Observation): Profile {
  const { recording, steps, calls, cores, timeBefore, traceFile } = observation;
  const { threads, start, end } = recording;
  const shares = divide(threads, start, end, cores);
  const sum = (of: readonly Share[], key: 'time' | 'coreTime') =>
    of.reduce((total, share) => total + share[key], 0) / steps;
  const categories = CATEGORIES.map((category) => {
    const own = shares.filter(({ activity }) => activity.category === category);
    return { category, time: sum(own, 'time'), coreTime: sum(own, 'coreTime') };
  });
  const ops = shares
    .filter(({ activity }) => activity.op !== undefined)
    .map(({ activity, time, count }) => ({
      ...activity.op!,
      category: activity.category,
      time: time / steps,
      count: count / steps,
    }))
    .sort((a, b) => b.time - a.time);
  const time = (end - start) / steps;
  return {
    steps,
    calls,
    time,
    timeBefore,
    processorTime: observation.processorTime / steps,
    cores,
    categories,
    idle: time * cores - sum(shares, 'coreTime'),
    ops,
    layers: layerTimes(observation.layers, ops),
    spans: spanTimes(observation),
    traceFile,
  };
}

function layerTimes(layers: readonly string[], ops: readonly OpTime[]): LayerTime[] {
  const times = new Map(layers.map((layer) => [toNodeName(layer), { layer, forward: 0, backward: 0 }]));
  for (const { node, time } of ops) {
    const scopes = node.split('/');
    const own = scopes.includes('optimizer') ? undefined : scopes.find((scope) => times.has(scope));
    if (own !== undefined) times.get(own)![scopes.includes('gradients') ? 'backward' : 'forward'] += time;
  }
  return [...times.values()];
}

function spanTimes({ spans, recording, steps }: Observation): SpanTime[] {
  const { start, end } = recording;
  const inside = spans.filter((span) => span.end > start && span.start < end);
  const length = (span: Span) => Math.min(span.end, end) - Math.max(span.start, start);
  const totals = new Map<string, { time: number; count: number }>();
  for (const outer of inside) {
    const holds = (span: Span) => span !== outer && span.start >= outer.start && span.end <= outer.end;
    const within = inside.filter(holds);
    const direct = within.filter(
      (span) => !within.some((other) => other !== span && other.start <= span.start && other.end >= span.end),
    );
    const total = totals.get(outer.name) ?? { time: 0, count: 0 };
    total.time += length(outer) - direct.reduce((sum, span) => sum + length(span), 0);
    total.count++;
    totals.set(outer.name, total);
  }
  return [...totals]
    .map(([name, { time, count }]) => ({ name, time: time / steps, count: count / steps }))
    .sort((a, b) => b.time - a.time);
}
