import { channel, subscribe, unsubscribe } from 'node:diagnostics_channel';

/** A stretch of the program's own time, on the clock of `performance.now()`, in milliseconds. */
export interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Where spans are told as they end; other tools may listen, too. */
const CHANNEL = 'cnn-node:span';
const spans = channel(CHANNEL);

/** Begins to collect spans; `stop` gives those that ended by then. */
export function collectSpans(): { stop(): readonly Span[] } {
  const collected: Span[] = [];
  const collect = (span: unknown) => void collected.push(span as Span);
  subscribe(CHANNEL, collect);
  return {
    stop() {
      unsubscribe(CHANNEL, collect);
      return collected;
    },
  };
}

/** Runs `body`, and while somebody listens, tells from when to when it ran. It may be asynchronous. */
export function span<T>(name: string, body: () => T): T {
  if (!spans.hasSubscribers) return body();
  const start = performance.now();
  const tell = () => spans.publish({ name, start, end: performance.now() });
  const result = body();
  if (result instanceof Promise) return result.finally(tell) as T;
  tell();
  return result;
}
