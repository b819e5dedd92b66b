import { CnnError } from '../errors.js';
import type { Model } from './model.js';

/** Where in training something happened: epoch and step, from 0. */
interface Place {
  readonly epoch: number;
  readonly step: number;
}

const hint =
  'Lower the learning rate, clip gradients (clipnorm: 1), or look for infinite values in the data.';

/** The error for a loss that is no number any more. */
export function nonFiniteLoss(loss: number, place?: Place): CnnError {
  const where = place === undefined ? '' : ` in epoch ${place.epoch + 1}, step ${place.step + 1}`;
  return new CnnError('NON_FINITE_LOSS', `the loss became ${loss}${where}`, { ...place, hint });
}

/**
 * Checks what a loss shows one step later, and after the last step not at all.
 *
 * @param place how many steps are done
 * @throws CnnError NON_FINITE_LOSS naming the first weight that holds NaN or an infinity
 */
export function requireFiniteWeights(model: Model, { epoch, step }: Place): void {
  if (model.weights.length === 0) return;
  const tensor = model.steps.areFinite();
  const bad = tensor.dataSync().indexOf(0);
  tensor.dispose();
  if (bad < 0) return;
  const { name } = model.weights[bad]!;
  throw new CnnError(
    'NON_FINITE_LOSS',
    `weight ${bad} ("${name}") is not finite after epoch ${epoch + 1}, step ${step}`,
    {
      epoch,
      step,
      weight: name,
      hint,
    },
  );
}
