import type { NativeEvent, NativeThread } from '../runtime/xspace.js';
import { type Activity, activityOf, HOST, SCHEDULING } from './activity.js';

/** Time that one activity took, in milliseconds. */
export interface Share {
  readonly activity: Activity;
  /** Of the time that passed: where several things run at once, each is given an equal part. All shares together are the time that passed. */
  time: number;
  /** Of the cores' time: all shares and what was idle are the time that passed, times the cores. */
  coreTime: number;
  /** How often it began. */
  count: number;
}

/** A stretch in which a thread does one thing, which may hold others. */
interface Stretch {
  readonly event: NativeEvent;
  /** `undefined`: it waits for other threads. */
  activity: Activity | undefined;
}

interface Boundary {
  readonly at: number;
  readonly thread: number;
  readonly event: NativeEvent;
  readonly kind: 'end' | 'begin' | 'hand over';
}

/** TensorFlow's word for work that another thread's op handed on. */
const REGION = 'ThreadpoolListener::Region';
/** The order of boundaries at one time: what begins anew begins after what ends. */
const ORDER: Readonly<Record<Boundary['kind'], number>> = { end: 0, begin: 1, 'hand over': 2 };

/**
 * Divides a stretch of time among what ran in it, thread by thread. A thread does what began last and has not ended. What
 * one thread handed on to another is the work of the op that handed it on. Where more threads run than there are cores,
 * each is given a part of a core.
 */
export function divide(threads: readonly NativeThread[], start: number, end: number, cores: number): Share[] {
  const shares = new Map<string, Share>();
  const shareOf = (activity: Activity) => {
    const key = activity.op === undefined ? activity.category : `${activity.op.node}:${activity.op.type}`;
    const share = shares.get(key) ?? { activity, time: 0, coreTime: 0, count: 0 };
    shares.set(key, share);
    return share;
  };
  const stacks: Stretch[][] = threads.map(() => []);
  const handedOn = new Map<string, Activity>();
  let now = start;

  const passUntil = (at: number) => {
    const until = Math.min(at, end);
    const passed = until - now;
    if (passed <= 0) return;
    const running: Activity[] = [];
    let isInCall = false;
    for (const stack of stacks) {
      const top = stack.at(-1);
      if (top === undefined) continue;
      if (top.activity === undefined) isInCall = true;
      else running.push(top.activity);
    }
    if (running.length === 0) running.push(isInCall ? SCHEDULING : HOST);
    for (const activity of running) {
      const share = shareOf(activity);
      share.time += passed / running.length;
      share.coreTime += passed * Math.min(1, cores / running.length);
    }
    now = until;
  };

  for (const { at, thread, event, kind } of boundariesOf(threads)) {
    passUntil(at);
    const stack = stacks[thread]!;
    if (kind === 'end') {
      stack.splice(
        stack.findLastIndex((stretch) => stretch.event === event),
        1,
      );
    } else if (kind === 'hand over') {
      handedOn.set(event.gives!, stack.at(-1)?.activity ?? SCHEDULING);
    } else {
      const op = activityOf(event.name);
      stack.push({ event, activity: op ?? aroundOps(event, stack.at(-1)?.activity, handedOn) });
      if (op !== undefined && at >= start && at <= end) shareOf(op).count++;
    }
  }
  passUntil(end);
  return [...shares.values()];
}

/** Calls into TensorFlow: their thread waits for those that compute. */
const WAITING = /^(Eager(Local|Kernel)?Execute|KernelAndDeviceFunc|FunctionRun)/;
/** What chooses the next op. */
const CHOOSING = /^Executor/;

/** What an event is that is no op: a part of what goes on around it, if it is nothing else. */
function aroundOps(
  { name, takes }: NativeEvent,
  outer: Activity | undefined,
  handedOn: ReadonlyMap<string, Activity>,
): Activity | undefined {
  if (WAITING.test(name)) return undefined;
  if (name === REGION) return handedOn.get(takes ?? '') ?? SCHEDULING;
  return CHOOSING.test(name) ? SCHEDULING : (outer ?? SCHEDULING);
}

function boundariesOf(threads: readonly NativeThread[]): Boundary[] {
  const boundaries: Boundary[] = [];
  for (const [thread, { events }] of threads.entries()) {
    for (const event of withRegions(events)) {
      if (event.gives !== undefined && event.start === event.end) {
        boundaries.push({ at: event.start, thread, event, kind: 'hand over' });
      } else if (event.end > event.start) {
        boundaries.push({ at: event.start, thread, event, kind: 'begin' });
        boundaries.push({ at: event.end, thread, event, kind: 'end' });
      }
    }
  }
  // Sorting is stable: what began at the same time in one thread stays the longest first.
  return boundaries.sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind]);
}

/** A thread's events, with one event for each work taken over, of which TensorFlow notes beginning and end. */
export function withRegions(events: readonly NativeEvent[]): NativeEvent[] {
  const all: NativeEvent[] = [];
  const open: NativeEvent[] = [];
  for (const event of events) {
    if (event.name === 'ThreadpoolListener::StartRegion') open.push(event);
    else if (event.name === 'ThreadpoolListener::StopRegion') {
      const begun = open.pop();
      if (begun !== undefined) all.push({ ...begun, name: REGION, end: event.start });
    } else all.push(event);
  }
  return all.sort((a, b) => a.start - b.start || b.end - a.end);
}
