import type { ClassSchema, ClassTable } from '../class-table.js';
import { flag, type Kind, nullable, number, numbers, text } from '../kinds.js';

/** Keras gives schedules names, which do nothing. */
const name: Kind = { read: (value, place) => void text.read(value, place), write: () => undefined };

function schedule(own: Readonly<Record<string, Kind>>): ClassSchema {
  return { arguments: { ...own, name } };
}

const decay = { initialLearningRate: number, decaySteps: number };

export const SCHEDULES: ClassTable = {
  kind: 'learning-rate schedule',
  module: 'keras.optimizers.schedules',
  classes: {
    CosineDecay: schedule({ ...decay, alpha: number, warmupTarget: nullable(number), warmupSteps: number }),
    CosineDecayRestarts: schedule({
      initialLearningRate: number,
      firstDecaySteps: number,
      tMul: number,
      mMul: number,
      alpha: number,
    }),
    ExponentialDecay: schedule({ ...decay, decayRate: number, staircase: flag }),
    InverseTimeDecay: schedule({ ...decay, decayRate: number, staircase: flag }),
    PiecewiseConstantDecay: schedule({ boundaries: numbers, values: numbers }),
    PolynomialDecay: schedule({ ...decay, endLearningRate: number, power: number, cycle: flag }),
  },
};
