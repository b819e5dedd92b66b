/** A stretch of the program's own time, on the clock of `performance.now()`, in milliseconds. */
export interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

let collected: Span[] | undefined;

/** Begins to collect spans; `stop` gives those that ended by then. */
export function collectSpans(): { stop(): readonly Span[] } {
  const own: Span[] = [];
  collected = own;
  return {
    stop() {
      if (collected === own) collected = undefined;
      return own;
    },
  };
}

/** Runs `body`, and while spans are collected, notes from when to when it ran. It may be asynchronous. */
export function span<T>(name: string, body: () => T): T {
  const own = collected;
  if (own === undefined) return body();
  const start = performance.now();
  const note = () => void own.push({ name, start, end: performance.now() });
  const result = body();
  if (result instanceof Promise) return result.finally(note) as T;
  note();
  return result;
}
