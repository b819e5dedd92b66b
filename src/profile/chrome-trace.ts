import type { Recording } from '../runtime/native-profiler.js';
import type { Span } from '../runtime/spans.js';
import { activityOf } from './activity.js';
import { withRegions } from './timeline.js';

/** Of no use to who looks at a step, and most of what is recorded. */
const LEFT_OUT =
  /^(Memory(Dea|A)llocation|ThreadpoolListener::Record|ExecutorPropagateOutputs|ExecutorState::ScheduleReady|TensorHandle::|TFE_DeleteTensorHandle|ValidateInputType)/;

/** The program's own thread. */
const PROGRAM = 0;

/**
 * A recording in Chrome's trace event format, which chrome://tracing and Perfetto show, piece by piece: complete events
 * (`"ph": "X"`) with times in microseconds from the beginning.
 */
export function* chromeTrace(recording: Recording, spans: readonly Span[]): Generator<string> {
  const { start, end, threads } = recording;
  const event = (
    thread: number,
    name: string,
    category: string,
    from: number,
    to: number,
    args?: object,
  ) => ({
    name,
    cat: category,
    ph: 'X',
    ts: Math.round((from - start) * 1e6) / 1e3,
    dur: Math.round((to - from) * 1e6) / 1e3,
    pid: process.pid,
    tid: thread,
    args,
  });
  const threadName = (thread: number, name: string) => ({
    name: 'thread_name',
    ph: 'M',
    pid: process.pid,
    tid: thread,
    args: { name },
  });
  yield `{"displayTimeUnit":"ms","traceEvents":[\n${JSON.stringify(threadName(PROGRAM, 'JavaScript'))}`;
  const isInside = (from: number, to: number) => from >= start && to <= end;
  for (const { name, start: from, end: to } of spans) {
    if (isInside(from, to)) yield `,\n${JSON.stringify(event(PROGRAM, name, 'host', from, to))}`;
  }
  for (const [i, { name, events }] of threads.entries()) {
    const shown = withRegions(events).filter(
      (one) => one.end > one.start && isInside(one.start, one.end) && !LEFT_OUT.test(one.name),
    );
    if (shown.length === 0) continue;
    yield `,\n${JSON.stringify(threadName(i + 1, threadLabel(name)))}`;
    for (const one of shown) {
      const activity = activityOf(one.name);
      const details = one.shapes === undefined ? undefined : { inputs: one.shapes };
      const { node = one.name, type } = activity?.op ?? {};
      const args = type === undefined ? details : { type, ...details };
      yield `,\n${JSON.stringify(event(i + 1, node, activity?.category ?? 'runtime', one.start, one.end, args))}`;
    }
  }
  yield '\n]}\n';
}

/** `tf_Compute/-7169099420985091920` to `tf_Compute`; calls come from threads of Node's. */
function threadLabel(name: string): string {
  return name.replace(/\/-?\d+$/, '').replace(/^node$/, 'calls');
}
