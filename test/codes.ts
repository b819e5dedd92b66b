import { CnnError, type ErrorCode } from '../src/errors.js';

/** For assert.throws and assert.rejects: an error of ours with this code, and with these words in its message. */
export function hasCode(code: ErrorCode, ...mentioned: string[]): (error: unknown) => boolean {
  return (error) =>
    error instanceof CnnError &&
    error.code === code &&
    mentioned.every((word) => error.message.includes(word));
}
