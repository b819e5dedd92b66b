import type { Serialized } from '../../../registry.js';
import { type ClassSchema, type ClassTable, readObject, writeObject } from '../class-table.js';
import { as, flag, type Kind, nullable, number, rate, text } from '../kinds.js';
import { SCHEDULES } from './schedules.js';

/** A number or a schedule. */
const learningRate: Kind = {
  read: (value, place) =>
    typeof value === 'number' ? rate.read(value, place) : readObject(SCHEDULES, value, place),
  write: (value, place) =>
    typeof value === 'number' ? rate.write(value, place) : writeObject(SCHEDULES, value as Serialized, place),
};

const common = {
  name: text,
  learningRate,
  weightDecay: nullable(number),
  clipnorm: nullable(number),
  clipvalue: nullable(number),
  globalClipnorm: nullable(number),
};

const fixed: ClassSchema['fixed'] = {
  use_ema: [false],
  // How averages are taken that are not taken.
  ema_momentum: 'any',
  ema_overwrite_frequency: 'any',
  loss_scale_factor: [null],
  gradient_accumulation_steps: [null],
};

function optimizer(own: Readonly<Record<string, Kind>>): ClassSchema {
  return { arguments: { ...own, ...common }, fixed };
}

const betas = { beta1: as('beta_1', number), beta2: as('beta_2', number) };
const epsilon = number;

export const OPTIMIZERS: ClassTable = {
  kind: 'optimizer',
  module: 'keras.optimizers',
  classes: {
    Adadelta: optimizer({ rho: number, epsilon }),
    Adagrad: optimizer({ initialAccumulatorValue: number, epsilon }),
    Adam: optimizer({ ...betas, epsilon, amsgrad: flag }),
    Adamax: optimizer({ ...betas, epsilon }),
    AdamW: optimizer({ ...betas, epsilon, amsgrad: flag }),
    Ftrl: optimizer({
      learningRatePower: number,
      initialAccumulatorValue: number,
      l1RegularizationStrength: number,
      l2RegularizationStrength: number,
      l2ShrinkageRegularizationStrength: number,
      beta: number,
    }),
    Lion: optimizer(betas),
    Nadam: optimizer({ ...betas, epsilon }),
    RMSprop: optimizer({ rho: number, momentum: number, epsilon, centered: flag }),
    SGD: optimizer({ momentum: number, nesterov: flag }),
  },
};
