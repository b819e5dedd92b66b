import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { Conv2DTranspose } from '../../src/layers/index.js';
import { enter, MODES } from '../modes.js';

before(() => enter(MODES[0]!));

test('an output that no convolution takes to the input is refused', () => {
  const layer = new Conv2DTranspose({
    filters: 1,
    kernelSize: 2,
    strides: 2,
    padding: 'same',
    outputPadding: 0,
  });
  assert.throws(() => layer.computeOutputShape([null, 3, 3, 1]), { code: 'SHAPE_MISMATCH' });
});
