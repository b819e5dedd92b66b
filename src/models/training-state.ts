import type { Logs } from '../callbacks/callback.js';
import { anyNumber, count, type JsonKind, listOf, object, optional, recordOf, text } from '../json-kind.js';
import { type History, newHistory } from './history.js';

/** How far a training has come; with the variables, all that its rest depends on. */
export interface TrainingState {
  /** The epoch that is next, or under way, from 0. */
  epoch: number;
  /** Steps of that epoch that are done. */
  step: number;
  /** Seconds that it has taken so far. */
  seconds: number;
  /** Fixes the order of samples of every epoch. */
  readonly seed: number;
  readonly history: History;
  /** What the last epoch reported. */
  logs: Logs;
}

export const trainingState: JsonKind<TrainingState> = object({
  epoch: count,
  step: count,
  seconds: anyNumber,
  seed: count,
  history: object<History>({
    epoch: listOf(count),
    history: recordOf(listOf(anyNumber)),
    seconds: listOf(anyNumber),
    stopReason: optional(text),
  }),
  logs: recordOf(anyNumber),
});

export function newTrainingState(epoch: number, seed: number): TrainingState {
  return { epoch, step: 0, seconds: 0, seed, history: newHistory(), logs: {} };
}
