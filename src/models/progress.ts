import pc from 'picocolors';
import type { Logs } from '../callbacks/callback.js';

export const VERBOSITIES = [0, 1, 2] as const;

/** How much `fit` and `evaluate` say: nothing, a progress bar (one line an epoch where no terminal is), one line an epoch. */
export type Verbosity = (typeof VERBOSITIES)[number];

/** What of a stream is used; `process.stderr` is one. */
export interface ProgressStream {
  /** Writes some characters. */
  write(text: string): unknown;
  /** Whether it is a terminal, where a line can be written over. */
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
  /** Whether colours may be used; Node's streams look at NO_COLOR, FORCE_COLOR and TERM. */
  hasColors?(): boolean;
}

/** What a {@link Progress} is to show. */
export interface ProgressOptions {
  verbose: Verbosity;
  /** Steps of one epoch, or of one evaluation. */
  stepsPerEpoch: number;
  /** Number of epochs; left out for an evaluation, which has none. */
  epochs?: number;
  /** Default: `process.stderr`, so that a program's results stay alone on stdout. */
  stream?: ProgressStream;
  /** Clock in milliseconds. Default: `performance.now`. */
  now?(): number;
}

const BAR_WIDTH = 20;
/** A shorter bar says nothing; the room goes to the values. */
const LEAST_BAR_WIDTH = 5;
const DEFAULT_COLUMNS = 80;
/** Milliseconds between two drawings of a line: 10 a second are enough for the eye and cost nothing. */
const REDRAW_INTERVAL = 100;

/**
 * Shows how training goes, as Keras does:
 *
 * ```text
 * Epoch 3/10
 * 430/430 ━━━━━━━━━━━━━━━━━━━━ 1s 3ms/step - accuracy: 0.9780 - loss: 0.0712 - val_accuracy: 0.9790 - val_loss: 0.0699
 * ```
 *
 * In a terminal the line is drawn anew at most ten times a second and never wraps while it runs; elsewhere, and with
 * `verbose: 2`, there is one line an epoch. Call {@link close} when training ends early.
 */
export class Progress {
  private readonly verbose: Verbosity;
  private readonly stepsPerEpoch: number;
  private readonly epochs: number | undefined;
  private readonly stream: ProgressStream;
  private readonly now: () => number;
  private epoch = 0;
  private startedAt = 0;
  private drawnAt = Number.NEGATIVE_INFINITY;
  /** Whether the cursor stands in a line that is still being drawn. */
  private isLineOpen = false;

  constructor(options: ProgressOptions) {
    this.verbose = options.verbose;
    this.stepsPerEpoch = options.stepsPerEpoch;
    this.epochs = options.epochs;
    this.stream = options.stream ?? process.stderr;
    this.now = options.now ?? (() => performance.now());
  }

  /** @param epoch counted from 0, as callbacks count */
  epochBegin(epoch: number): void {
    this.epoch = epoch;
    this.startedAt = this.now();
    this.drawnAt = Number.NEGATIVE_INFINITY;
    if (this.draws && this.epochs !== undefined) this.stream.write(`Epoch ${epoch + 1}/${this.epochs}\n`);
  }

  /** Whether a call of {@link update} would draw: who has to fetch the logs for it asks first. */
  get isDue(): boolean {
    return this.draws && this.now() - this.drawnAt >= REDRAW_INTERVAL;
  }

  /**
   * @param step number of steps done in this epoch
   * @param logs means over these steps
   */
  update(step: number, logs: Logs): void {
    if (!this.isDue) return;
    this.drawnAt = this.now();
    const elapsed = (this.drawnAt - this.startedAt) / 1000;
    const perStep = elapsed / Math.max(step, 1);
    const timing = `${formatRemaining(perStep * (this.stepsPerEpoch - step))} ${formatStepTime(perStep)}`;
    this.stream.write(`\r${this.fit(step, ` ${timing}${formatLogs(logs)}`, true)}\x1b[K`);
    this.isLineOpen = true;
  }

  /**
   * @param logs final values of the epoch, those of validation included
   * @param seconds what the epoch took
   */
  epochEnd(logs: Logs, seconds: number): void {
    if (this.verbose === 0) return;
    const steps = this.stepsPerEpoch;
    const perStep = formatStepTime(seconds / Math.max(steps, 1));
    const values = formatLogs(logs);
    if (this.draws) {
      const line = this.fit(steps, ` ${Math.round(seconds)}s ${perStep}${values}`, false);
      this.stream.write(`${this.isLineOpen ? '\r' : ''}${line}${this.isLineOpen ? '\x1b[K' : ''}\n`);
      this.isLineOpen = false;
    } else {
      const head = this.epochs === undefined ? `${steps}/${steps}` : `Epoch ${this.epoch + 1}/${this.epochs}`;
      this.stream.write(`${head} - ${formatSeconds(seconds)} - ${perStep}${values}\n`);
    }
  }

  /** Ends a line that is still being drawn, so that what is written next begins on one of its own. */
  close(): void {
    if (this.isLineOpen) this.stream.write('\n');
    this.isLineOpen = false;
  }

  private get draws(): boolean {
    return this.verbose === 1 && this.stream.isTTY === true;
  }

  /**
   * Counter, bar and the rest in one line of the terminal: the bar gives way first; then, as a line that wraps cannot
   * be drawn over, the end is cut off (`cut`), which the last drawing need not suffer.
   */
  private fit(step: number, rest: string, cut: boolean): string {
    const total = String(this.stepsPerEpoch);
    const counter = `${String(step).padStart(total.length)}/${total}`;
    // One column stays free: some terminals wrap as soon as the last one is written.
    const room = (this.stream.columns || DEFAULT_COLUMNS) - 1 - counter.length - rest.length;
    const width = Math.min(BAR_WIDTH, room - 1);
    if (width >= LEAST_BAR_WIDTH) return `${counter} ${this.bar(width, step / this.stepsPerEpoch)}${rest}`;
    if (room >= 0 || !cut) return counter + rest;
    return `${(counter + rest).slice(0, room - 1)}…`;
  }

  private bar(width: number, done: number): string {
    const filled = Math.round(width * Math.min(Math.max(done, 0), 1));
    const [before, after] = ['━'.repeat(filled), '─'.repeat(width - filled)];
    const colors = pc.createColors(this.stream.hasColors?.() === true);
    return colors.green(before) + colors.dim(after);
  }
}

function formatLogs(logs: Logs): string {
  return Object.keys(logs)
    .sort()
    .map((name) => ` - ${name}: ${formatValue(logs[name]!)}`)
    .join('');
}

/** Four decimals, as Keras; small values in the form 1.2345e-5. */
function formatValue(value: number): string {
  return value === 0 || Math.abs(value) > 1e-3 ? value.toFixed(4) : value.toExponential(4);
}

/** `850us/step`, `3ms/step`, `2s/step`. */
function formatStepTime(seconds: number): string {
  if (seconds >= 1) return `${seconds.toFixed(0)}s/step`;
  if (seconds >= 1e-3) return `${(seconds * 1e3).toFixed(0)}ms/step`;
  return `${(seconds * 1e6).toFixed(0)}us/step`;
}

function formatSeconds(seconds: number): string {
  return seconds < 10 ? `${seconds.toFixed(1)}s` : `${Math.round(seconds)}s`;
}

/** `42s`, `3:07`, `1:02:45`. */
function formatRemaining(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole}s`;
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
