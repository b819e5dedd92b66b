import type { ClassTable } from '../class-table.js';
import { number } from '../kinds.js';

export const REGULARIZERS: ClassTable = {
  kind: 'regularizer',
  module: 'keras.regularizers',
  classes: {
    L1: { arguments: { l1: number } },
    L2: { arguments: { l2: number } },
    L1L2: { arguments: { l1: number, l2: number } },
  },
};
