import { type NameIn, resolve, type Serialized } from '../registry.js';
import { FunctionLoss, type LossFunction } from './function-loss.js';
import { classes } from './index.js';
import { Loss } from './loss.js';

/** A loss, its name, its config, or a function of the user's own. */
export type LossIdentifier = NameIn<typeof classes> | Loss | Serialized | LossFunction;

/**
 * The loss that an option means. Names are those of the classes, in any spelling (`'meanSquaredError'`,
 * `'mean_squared_error'`), and Keras's short ones (`'mse'`).
 *
 * @throws CnnError UNKNOWN_NAME with a suggestion, INVALID_ARGUMENT
 */
export function getLoss(identifier: LossIdentifier): Loss {
  return typeof identifier === 'function'
    ? new FunctionLoss(identifier)
    : resolve<Loss>('loss', Loss, classes, identifier);
}
