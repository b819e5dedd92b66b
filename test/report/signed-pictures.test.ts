import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  activationMaps,
  colouredPictures,
  firstPictures,
  weightMaps,
} from '../../src/report/signed-pictures.js';
import { topClasses } from '../../src/report/top-classes.js';
import { HostArray } from '../../src/runtime/host-array.js';

describe('activationMaps', () => {
  it('takes the channels of a feature map apart', () => {
    // 1 x 2 pixels of 2 channels.
    const maps = activationMaps(Float32Array.of(1, -4, 2, 0), [1, 2, 2]);
    assert.deepEqual([maps.width, maps.height, maps.count], [2, 1, 2]);
    assert.deepEqual([...maps.values], [0.25, 0.5, -1, 0]);
  });

  it('puts units into one picture: few in a row, many in a rectangle', () => {
    const size = (units: number) => {
      const { width, height, count } = activationMaps(new Float32Array(units), [units]);
      return [width, height, count];
    };
    assert.deepEqual(size(10), [10, 1, 1]);
    assert.deepEqual(size(512), [32, 16, 1]);
    assert.deepEqual(size(784), [28, 28, 1]);
    // A prime number of units leaves some places empty.
    assert.deepEqual(size(31), [6, 6, 1]);
    assert.deepEqual([...activationMaps(Float32Array.of(-2, 1), [2]).values], [-1, 0.5]);
  });

  it('gives nothing but 0 for a layer that is dead', () => {
    assert.deepEqual([...activationMaps(new Float32Array(4), [4]).values], [0, 0, 0, 0]);
  });
});

it('weights are drawn in colours, as many as are asked for', () => {
  const kernel = new HostArray([4, 3], Float32Array.from([0, 1, 2, 0, 1, -2, 0, 1, 0, 0, 1, 0]));
  const maps = weightMaps(kernel, [2, 2])!;
  assert.deepEqual([maps.width, maps.height, maps.count], [2, 2, 3]);
  assert.deepEqual([...maps.values.subarray(8)], [1, -1, 0, 0]);
  const pictures = colouredPictures(firstPictures(maps, 2));
  assert.deepEqual(
    pictures.map(({ data }) => [...data.subarray(0, 3)]),
    [
      [255, 255, 255],
      [255, 128, 128],
    ],
  );
});

describe('topClasses', () => {
  const names = ['a', 'b', 'c'];
  it('sorts probabilities', () => {
    const top = topClasses([0.2, 0.5, 0.3], names, 2);
    assert.deepEqual(top, [
      { class: 1, name: 'b', probability: 0.5 },
      { class: 2, name: 'c', probability: 0.3 },
    ]);
    assert.equal(topClasses([1, 0, 0], names).length, 3);
  });

  it('makes probabilities of logits', () => {
    const [first, second] = topClasses([0, Math.log(3), -1000], names);
    assert.ok(Math.abs(first!.probability - 0.75) < 1e-6 && Math.abs(second!.probability - 0.25) < 1e-6);
  });
});
