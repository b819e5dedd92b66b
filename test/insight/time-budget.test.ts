import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { TimeBudget } from '../../src/insight/time-budget.js';

test('TimeBudget has something left while its part of the time is more than what was taken', async () => {
  const began = performance.now();
  const sinceBegin = () => performance.now() - began;
  const budget = new TimeBudget(0.25);
  await sleep(2);
  assert.ok(budget.isLeft, 'nothing was taken yet');
  assert.equal(await budget.spend(() => sleep(9 * sinceBegin(), 'done')), 'done');
  assert.ok(!budget.isLeft, 'nine tenths were taken');
  await sleep(5 * sinceBegin());
  assert.ok(budget.isLeft, 'a sixth was taken');
  await assert.rejects(
    budget.spend(async () => {
      await sleep(sinceBegin());
      throw new RangeError('what fails takes time as well');
    }),
    RangeError,
  );
  assert.ok(!budget.isLeft, 'half was taken');
});
