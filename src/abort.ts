import { CnnError } from './errors.js';

/**
 * The error of work that its signal stopped: code ABORTED, name `AbortError` as Node's own, and the signal's reason as
 * its cause.
 *
 * @param place how far the work had come
 */
export function abortError(
  problem: string,
  signal: AbortSignal,
  place: Record<string, unknown> = {},
): CnnError {
  return new CnnError('ABORTED', problem, { ...place, cause: signal.reason });
}

/** @throws CnnError ABORTED if the signal says so */
export function throwIfAborted(
  signal: AbortSignal | undefined,
  problem: string,
  place?: Record<string, unknown>,
): void {
  if (signal?.aborted) throw abortError(problem, signal, place);
}
