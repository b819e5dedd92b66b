import { exitCodes } from './exit-codes.js';

const codes = { SIGINT: exitCodes.interrupted, SIGTERM: exitCodes.terminated } as const;

type StopSignal = keyof typeof codes;

const names = Object.keys(codes) as StopSignal[];

/**
 * One Ctrl-C under npm or npx comes twice: from the terminal, and passed on by npm. What follows the first signal
 * within this many milliseconds is its echo.
 */
const ECHO = 300;

/**
 * Lets Ctrl-C (SIGINT) and SIGTERM stop a piece of work in good order: the first one aborts `signal`, the second one
 * ends the process at once, as it would without us.
 */
export class StopSignals {
  private readonly controller = new AbortController();
  private readonly handle: (name: NodeJS.Signals) => void;
  private first: { name: StopSignal; at: number } | undefined;

  /** @param onFirst is told of the first signal */
  constructor(onFirst: () => void) {
    this.handle = (name) => {
      if (this.first === undefined) {
        this.first = { name: name as StopSignal, at: performance.now() };
        onFirst();
        this.controller.abort(name);
      } else if (performance.now() - this.first.at > ECHO) {
        this.release();
        process.kill(process.pid, name);
      }
    };
    for (const name of names) process.on(name, this.handle);
  }

  /** Aborted by the first signal. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What to exit with after a signal; undefined if none came. */
  get exitCode(): (typeof codes)[StopSignal] | undefined {
    return this.first && codes[this.first.name];
  }

  /** Gives both signals their default action back. */
  release(): void {
    for (const name of names) process.off(name, this.handle);
  }
}
