/** What `fit` returns: the results of each epoch. */
export interface History {
  /** Numbers of the epochs run, from 0. */
  readonly epoch: number[];
  /** For each result (`loss`, `accuracy`, `val_loss` ...) its value at the end of each epoch. */
  readonly history: Record<string, number[]>;
  /** Seconds that each epoch took, validation included. */
  readonly seconds: number[];
  /** Why training ended before the last epoch, if it did. */
  stopReason?: string;
}

export function newHistory(): History {
  return { epoch: [], history: {}, seconds: [] };
}

export function addEpoch(
  history: History,
  epoch: number,
  logs: Readonly<Record<string, number>>,
  seconds: number,
): void {
  history.epoch.push(epoch);
  history.seconds.push(seconds);
  for (const [name, value] of Object.entries(logs)) {
    history.history[name] ??= [];
    history.history[name].push(value);
  }
}
