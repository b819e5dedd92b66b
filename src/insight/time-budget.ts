/** Time that something may take: a part of all the time since this was made. */
export class TimeBudget {
  private readonly share: number;
  private readonly began = performance.now();
  private spent = 0;

  /** @param share 0 to 1 */
  constructor(share: number) {
    this.share = share;
  }

  /** Whether less was taken so far. */
  get isLeft(): boolean {
    return this.spent < this.share * (performance.now() - this.began);
  }

  /** Does something, however long it takes. */
  async spend<T>(body: () => Promise<T>): Promise<T> {
    const began = performance.now();
    try {
      return await body();
    } finally {
      this.spent += performance.now() - began;
    }
  }
}
