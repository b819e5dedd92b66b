import '../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as losses from '../src/losses/index.js';
import * as metrics from '../src/metrics/index.js';
import * as optimizers from '../src/optimizers/index.js';
import * as schedules from '../src/optimizers/schedules/index.js';

const needed = {
  initialLearningRate: 1,
  decaySteps: 10,
  decayRate: 0.5,
  firstDecaySteps: 5,
  boundaries: [1],
  values: [1, 2],
};

describe('a factory refuses options that nobody reads', () => {
  for (const [kind, module] of Object.entries({ losses, metrics, optimizers, schedules })) {
    for (const [name, make] of Object.entries(module)) {
      if (typeof make !== 'function' || /^[A-Z]/.test(name)) continue;
      it(`${kind}.${name}`, () => {
        const factory = make as unknown as (options: unknown) => unknown;
        const required = kind === 'schedules' ? needed : {};
        assert.throws(() => factory({ ...required, lr: 0.1 }), { code: 'UNKNOWN_NAME' });
        if (kind !== 'schedules') assert.throws(() => factory(0.1), { code: 'INVALID_ARGUMENT' });
      });
    }
  }

  it('and takes those of all optimizers, and ones left undefined', () => {
    const options = { learningRate: 0.1, weightDecay: 0.01, excludeFromWeightDecay: ['bias'], clipnorm: 1 };
    assert.equal(optimizers.adam({ ...options, name: 'mine' }).name, 'mine');
    assert.throws(() => optimizers.adam({ learningrate: 0.1 } as never), { message: /"learningRate"/ });
    const none: { epsilon?: number } = { epsilon: undefined as never };
    assert.ok(optimizers.sgd({ learningRate: 0.1, ...none } as never));
  });
});
