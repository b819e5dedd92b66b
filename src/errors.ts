/** Every code an error of this package can carry. Programs match on the code; the words may change. */
export type ErrorCode =
  // names and arguments
  | 'INVALID_ARGUMENT'
  | 'UNKNOWN_NAME'
  | 'SHAPE_MISMATCH'
  | 'DTYPE_MISMATCH'
  | 'DISPOSED'
  // models
  | 'NOT_BUILT'
  | 'NOT_COMPILED'
  | 'NON_FINITE_LOSS'
  | 'ABORTED'
  | 'CHECKPOINT_MISMATCH'
  // graphs and sessions
  | 'MISSING_FEED'
  | 'NOT_INITIALIZED'
  // runtime
  | 'LIBRARY_NOT_FOUND'
  | 'LIBRARY_UNUSABLE'
  | 'DEVICE_UNAVAILABLE'
  | 'NATIVE_OP_FAILED'
  | 'OUT_OF_MEMORY'
  | 'TRACE_READ'
  | 'TRACE_DYNAMIC_SHAPE'
  | 'UNSUPPORTED'
  // setup
  | 'SETUP_UNSUPPORTED_PLATFORM'
  | 'SETUP_DOWNLOAD_FAILED'
  | 'SETUP_CORRUPT'
  | 'SETUP_NO_SPACE'
  // data and files
  | 'FILE_NOT_FOUND'
  | 'FILE_UNREADABLE'
  | 'FILE_CORRUPT'
  | 'DATA_INVALID'
  | 'WRITE_FAILED'
  | 'LOCKED';

/** What an error says beside its sentence; every field is optional but `expected` and `received` go together. */
export interface ErrorDetails {
  /** What was wanted, in words: `'a shape of rank 2'`. */
  expected?: string;
  /** What came instead: `'[32, 28, 28]'`. */
  received?: string;
  /** How to mend it, as an imperative sentence. */
  hint?: string;
  /** The error behind this one. */
  cause?: unknown;
  /** Where: layer, file, row, column, byte, flag ... */
  [place: string]: unknown;
}

/**
 * The one error class of this package: a code for programs, and for people a sentence that says
 * what is wrong, what was expected, what came, and how to mend it.
 *
 * @example
 * try {
 *   layers.dropout({ rate: 2 });
 * } catch (error) {
 *   if (error instanceof CnnError && error.code === 'INVALID_ARGUMENT') console.log(error.message);
 * }
 */
export class CnnError extends Error {
  /** What kind of error it is: stable, for programs. */
  readonly code: ErrorCode;
  /** What the message was made of: what was expected, what came, where. */
  readonly details: Readonly<ErrorDetails>;
  private readonly problem: string;

  constructor(code: ErrorCode, problem: string, details: ErrorDetails = {}) {
    const { expected, received, hint, cause } = details;
    let message = problem;
    if (expected !== undefined) message += `: expected ${expected}`;
    if (received !== undefined) message += `, received ${received}`;
    if (!/[.!?]$/.test(message)) message += '.';
    if (hint !== undefined) message += ` ${hint}`;
    super(message, cause === undefined ? undefined : { cause });
    // The name by which Node's own functions, and those who call them, know an end that was asked for.
    this.name = code === 'ABORTED' ? 'AbortError' : 'CnnError';
    this.code = code;
    this.details = details;
    this.problem = problem;
  }

  /** The same error, said to be of a part of something: `layer "dense": kernelInitializer: unknown ...`. */
  within(whole: string, place: Record<string, unknown> = {}): CnnError {
    return new CnnError(this.code, `${whole}: ${this.problem}`, { ...this.details, ...place });
  }
}
