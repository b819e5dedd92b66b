import { CnnError } from '../errors.js';

/** @throws CnnError INVALID_ARGUMENT unless labels stay between what they say and the middle */
export function checkSmoothing(loss: string, labelSmoothing: number): void {
  if (labelSmoothing >= 0 && labelSmoothing <= 1) return;
  throw new CnnError('INVALID_ARGUMENT', `${loss}: labelSmoothing is not valid`, {
    argument: 'labelSmoothing',
    expected: 'a number from 0 to 1',
    received: String(labelSmoothing),
  });
}
