/** Gives a value once everything else that waits has had its turn: timers, signals, input and output. */
export function turn<T>(value: T): Promise<T> {
  return new Promise((resolve) => setImmediate(resolve, value));
}
