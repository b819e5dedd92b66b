import { CnnError } from '../errors.js';

/** Refuses an option that is not a whole number from `least` on. @throws CnnError INVALID_ARGUMENT */
export function requireCount(argument: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return;
  throw new CnnError('INVALID_ARGUMENT', `${argument} is not valid`, {
    argument,
    expected: `a whole number from ${least} on`,
    received: String(value),
  });
}
