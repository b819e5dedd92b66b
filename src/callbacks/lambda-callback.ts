import { unknownName } from '../suggest.js';
import { Callback } from './callback.js';

const HOOKS = ['onTrainBegin', 'onEpochBegin', 'onBatchEnd', 'onEpochEnd', 'onTrainEnd'] as const;

/** Functions to be called, by the name of the moment. */
export type LambdaHooks = Pick<Callback, (typeof HOOKS)[number]>;

/**
 * A callback made of functions.
 *
 * @throws CnnError UNKNOWN_NAME for a moment that there is not
 * @example
 * callbacks.lambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) });
 */
export class LambdaCallback extends Callback {
  static readonly className = 'LambdaCallback';

  constructor(hooks: LambdaHooks) {
    super();
    for (const [name, hook] of Object.entries(hooks)) {
      if (!(HOOKS as readonly string[]).includes(name)) throw unknownName('moment of training', name, HOOKS);
      if (hook !== undefined) Object.assign(this, { [name]: hook });
    }
  }
}
