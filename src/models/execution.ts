/**
 * A call should last this long: between two calls a core waits for the main thread, and one step's data is fetched
 * beside another's products only within a call. Callbacks and signals wait for it.
 */
const TARGET_MILLISECONDS = 20;
/** Steps in one call at most: each is traced once more, which holds up the event loop; ten gain as much as twenty. */
const MAX_STEPS = 10;
/** Single steps before the first measurement counts: the first ones compile and warm caches. */
const WARM_UP = 4;
const MEASURED = 4;

/** Decides how many steps one native call runs. */
export class ExecutionPlan {
  private steps: number | undefined;
  /** What is aimed at. The way there has one stop: tracing few steps first makes it quicker to trace many. */
  private target: number | undefined;
  private calls = 0;
  private milliseconds = Number.POSITIVE_INFINITY;

  /** @param steps a fixed number, or `'auto'` to measure */
  constructor(steps: number | 'auto') {
    this.steps = steps === 'auto' ? undefined : steps;
  }

  /** Steps of the next call, of those that are left in the epoch. */
  next(left: number): number {
    return Math.min(this.steps ?? 1, left);
  }

  /** Takes in how long a call took. */
  record(milliseconds: number): void {
    this.steps = this.target ?? this.steps;
    if (this.steps !== undefined) return;
    this.calls++;
    if (this.calls <= WARM_UP) return;
    this.milliseconds = Math.min(this.milliseconds, milliseconds);
    if (this.calls === WARM_UP + MEASURED) {
      this.target = Math.max(1, Math.min(MAX_STEPS, Math.round(TARGET_MILLISECONDS / this.milliseconds)));
      this.steps = Math.ceil(Math.sqrt(this.target));
    }
  }
}
