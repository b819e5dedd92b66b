import { CnnError } from '../errors.js';
import type { Direction } from '../metrics/metric.js';
import { unknownName } from '../suggest.js';
import { Callback, type TrainingControl } from './callback.js';

/** What callbacks that watch a result take. */
export interface MonitorOptions {
  /** Name of the result to watch. Default: `'val_loss'`. */
  monitor?: string;
  /** Whether smaller or larger is better; `'auto'`: as the metric says. Default: `'auto'`. */
  mode?: 'auto' | 'min' | 'max';
}

/** A callback that compares a result with the best one so far. */
export abstract class MonitorCallback extends Callback {
  /** The result that is watched. */
  readonly monitor: string;
  private readonly mode: 'auto' | 'min' | 'max';
  private readonly minDelta: number;
  private direction: Direction = 'down';
  private openControl: TrainingControl | undefined;
  private isRestored = false;

  /** @param minDelta by how much a result has to be better than the best to count as better, 0 or more */
  constructor({ monitor = 'val_loss', mode = 'auto' }: MonitorOptions, minDelta = 0) {
    super();
    this.monitor = monitor;
    this.mode = mode;
    this.minDelta = Math.abs(minDelta);
    if (!['auto', 'min', 'max'].includes(mode)) {
      throw this.optionError('mode', "'auto', 'min' or 'max'", mode);
    }
  }

  /** Whether it needs the result at all. */
  protected get watches(): boolean {
    return true;
  }

  /** Forgets the run before. */
  protected abstract reset(): void;

  /** Takes over what `getState` gave. */
  protected abstract restore(state: Record<string, unknown>): void;

  /** The training that is under way. */
  protected get control(): TrainingControl {
    return this.openControl!;
  }

  /** @throws CnnError UNKNOWN_NAME when epochs will not report the result, INVALID_ARGUMENT when its sense is unknown */
  override onTrainBegin(control: TrainingControl): void {
    this.openControl = control;
    if (this.watches) this.direction = this.directionIn(control.results);
    if (!this.isRestored) this.reset();
    this.isRestored = false;
  }

  override setState(state: Record<string, unknown>): void {
    this.restore(state);
    this.isRestored = true;
  }

  /** Whether a result is better than the one before, if there is one. What is no number never is. */
  protected isBetter(value: number, best: number | null): boolean {
    if (Number.isNaN(value)) return false;
    if (best === null) return true;
    return this.direction === 'up' ? value - this.minDelta > best : value + this.minDelta < best;
  }

  /** The error for an option out of range. */
  protected optionError(argument: string, expected: string, received: unknown): CnnError {
    const { className } = this.constructor as unknown as { className: string };
    return new CnnError('INVALID_ARGUMENT', `${className}: ${argument} is not valid`, {
      argument,
      expected,
      received: String(received),
    });
  }

  private directionIn(results: TrainingControl['results']): Direction {
    if (!(this.monitor in results))
      throw unknownName('result to monitor', this.monitor, Object.keys(results));
    const direction = { min: 'down', max: 'up', auto: results[this.monitor] }[this.mode];
    if (direction === undefined) {
      throw this.optionError(
        'mode',
        `'min' or 'max', as "${this.monitor}" does not say which is better`,
        this.mode,
      );
    }
    return direction as Direction;
  }
}
