import pc from 'picocolors';
import { CnnError } from '../errors.js';

/** Colours for one stream; Node's streams look at NO_COLOR, FORCE_COLOR, TERM and whether they are terminals. */
export type Colors = ReturnType<typeof pc.createColors>;

/** One line of `--json`. */
export interface JsonEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

function colorsOf(stream: NodeJS.WriteStream): Colors {
  return pc.createColors(stream.isTTY === true && stream.hasColors());
}

/** Where a command writes: what it does to stderr, what it found to stdout. */
export class Output {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Colours for what goes to stderr. */
  readonly colors: Colors = colorsOf(process.stderr);

  constructor({ json = false, quiet = false }: { json?: boolean; quiet?: boolean } = {}) {
    this.isJson = json;
    this.isQuiet = quiet;
  }

  /** What the command is doing. Not with `--quiet`. */
  info(line: string): void {
    if (!this.isQuiet) process.stderr.write(`${line}\n`);
  }

  /** What goes wrong without stopping the command. */
  warn(line: string): void {
    process.stderr.write(`${this.colors.yellow('warning:')} ${line}\n`);
  }

  /** What the command found: lines for people, or with `--json` an object for programs. */
  result(event: JsonEvent, print: (colors: Colors) => readonly string[]): void {
    if (this.isJson) this.event(event);
    else
      process.stdout.write(
        print(colorsOf(process.stdout))
          .map((line) => `${line}\n`)
          .join(''),
      );
  }

  /** What only programs want to know: nothing without `--json`. */
  event(event: JsonEvent): void {
    if (this.isJson) process.stdout.write(`${JSON.stringify(event)}\n`);
  }

  /** A command line that cannot be, of which Commander has told people. */
  usageError(message: string, exitCode: number): void {
    this.event({ event: 'error', code: 'INVALID_ARGUMENT', message, exitCode });
  }

  /** The end of a command that failed. An error that is not ours is a bug: it shows where it came from. */
  error(error: unknown, exitCode: number): void {
    const isOurs = error instanceof CnnError;
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${this.colors.red('error:')} ${message}\n`);
    if (!isOurs && error instanceof Error) {
      process.stderr.write(`This is a bug in cnn-node. Please report it with these lines:\n${error.stack}\n`);
    }
    const details = isOurs ? plainDetails(error) : {};
    this.event({ event: 'error', code: isOurs ? error.code : 'INTERNAL', message, exitCode, ...details });
  }
}

/** Where and what, for programs: file, row, column, expected, received ... What is no text or number is left out. */
function plainDetails({ details }: CnnError): { details?: Record<string, unknown> } {
  const plain = Object.entries(details).filter(([, value]) => ['string', 'number'].includes(typeof value));
  return plain.length === 0 ? {} : { details: Object.fromEntries(plain) };
}
