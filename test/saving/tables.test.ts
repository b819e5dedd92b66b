// Every class that a model can have has its place in the tables of what is written and read.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { classes as initializers } from '../../src/initializers/index.js';
import { classes as layers } from '../../src/layers/index.js';
import { classes as losses } from '../../src/losses/index.js';
import { classes as metrics } from '../../src/metrics/index.js';
import { classes as optimizers } from '../../src/optimizers/index.js';
import { classes as schedules } from '../../src/optimizers/schedules/index.js';
import { classes as regularizers } from '../../src/regularizers/index.js';
import type { ClassTable } from '../../src/saving/keras/class-table.js';
import { INITIALIZERS } from '../../src/saving/keras/tables/initializers.js';
import { LAYERS } from '../../src/saving/keras/tables/layers.js';
import { LOSSES } from '../../src/saving/keras/tables/losses.js';
import { METRICS } from '../../src/saving/keras/tables/metrics.js';
import { OPTIMIZERS } from '../../src/saving/keras/tables/optimizers.js';
import { REGULARIZERS } from '../../src/saving/keras/tables/regularizers.js';
import { SCHEDULES } from '../../src/saving/keras/tables/schedules.js';

/** Huber is no metric in Keras; what stands for the input is part of the model there. */
const { Huber: _, ...lossMetrics } = losses;
const { InputLayer: __, ...realLayers } = layers;

const TABLES: readonly [ClassTable, object][] = [
  [LAYERS, realLayers],
  [INITIALIZERS, initializers],
  [REGULARIZERS, regularizers],
  [OPTIMIZERS, optimizers],
  [SCHEDULES, schedules],
  [LOSSES, losses],
  [METRICS, { ...lossMetrics, ...metrics, LogCoshError: 0 }],
];

describe('tables of classes', () => {
  for (const [table, classes] of TABLES) {
    it(`hold every ${table.kind}, and no other`, () => {
      assert.deepEqual(Object.keys(table.classes).sort(), Object.keys(classes).sort());
    });
  }
});
