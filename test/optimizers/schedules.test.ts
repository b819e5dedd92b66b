import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getSchedule } from '../../src/optimizers/schedules/get.js';
import { classes } from '../../src/optimizers/schedules/index.js';
import { serialize } from '../../src/registry.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';
import { assertClose, oracle } from '../oracle/oracle.js';

const { steps, cases } = oracle('schedules');

for (const mode of MODES) {
  describe(`schedules, ${mode.name}: rates are Keras's`, () => {
    for (const c of cases) {
      it(c.name, async () => {
        await enter(mode);
        const before = tf.memory().numTensors;
        const schedule = getSchedule({ className: c.schedule, config: { ...c.options } });
        const rateAt = mode.compile((step: tf.Tensor) => tf.tidy(() => schedule.rateAt(step)));
        const rates = steps.map((step) =>
          tf.tidy(() => {
            const rate = rateAt(tf.scalar(step, 'int32'));
            assert.deepEqual([rate.shape, rate.dtype], [[], 'float32']);
            return rate.dataSync()[0]!;
          }),
        );
        assertClose(rates, { shape: [steps.length], data: c.values }, c.name);
        rateAt.dispose();
        assert.equal(tf.memory().numTensors, before);
      });
    }
  });
}

describe('schedules', () => {
  it('have every class in the fixtures', () => {
    const tested = new Set(cases.map((c) => c.schedule.toLowerCase()));
    assert.deepEqual(new Set(Object.keys(classes).map((name) => name.toLowerCase())), tested);
  });

  for (const c of cases) {
    it(`${c.name}: config makes an equal one`, () => {
      const schedule = getSchedule({ className: c.schedule, config: { ...c.options } });
      const again = getSchedule(JSON.parse(JSON.stringify(serialize(schedule))));
      assert.deepEqual(again.getConfig(), schedule.getConfig());
      for (const [key, value] of Object.entries(c.options)) assert.deepEqual(again.getConfig()[key], value);
    });
  }

  it('refuse options that mean nothing', () => {
    const wrong: [string, Record<string, unknown>][] = [
      ['exponentialDecay', { initialLearningRate: 0.1, decaySteps: 0, decayRate: 0.5 }],
      ['cosineDecay', { initialLearningRate: 0.1, decaySteps: Number.NaN }],
      ['piecewiseConstantDecay', { boundaries: [1, 2], values: [1, 2] }],
      ['piecewiseConstantDecay', { boundaries: [2, 1], values: [1, 2, 3] }],
    ];
    for (const [className, config] of wrong) {
      assert.throws(() => getSchedule({ className, config }), { code: 'INVALID_ARGUMENT' });
    }
    assert.throws(() => getSchedule({ className: 'cosineDcay', config: {} }), {
      code: 'UNKNOWN_NAME',
      message: /"cosineDecay"/,
    });
  });
});
