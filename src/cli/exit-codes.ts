import { CnnError } from '../errors.js';

/** What `cnn` exits with. Scripts rely on these numbers. */
export const exitCodes = {
  done: 0,
  failed: 1,
  /** A wrong command, option or name. */
  usage: 2,
  /** `--min-accuracy` was not reached. */
  missed: 3,
  /** Stopped by SIGINT, after saving. */
  interrupted: 130,
  /** Stopped by SIGTERM, after saving. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code for an error: usage where a name is not known or the error names the flag that is wrong. */
export function exitCodeOf(error: unknown): ExitCode {
  const isUsage = error instanceof CnnError && (error.code === 'UNKNOWN_NAME' || 'flag' in error.details);
  return isUsage ? exitCodes.usage : exitCodes.failed;
}
