import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  confusionMatrix,
  confusionPicture,
  printConfusion,
  svgConfusion,
} from '../../src/report/confusion.js';

test('rows are the true classes, columns the predicted ones', () => {
  assert.deepEqual(confusionMatrix([0, 0, 1, 2, 2, 2], [0, 1, 1, 2, 0, 0], 3), [
    [1, 1, 0],
    [0, 1, 0],
    [2, 0, 1],
  ]);
});

test('the table lines up, and names the worst confusions', () => {
  const lines = printConfusion(
    [
      [980, 0, 1],
      [0, 5, 0],
      [12, 3, 7],
    ],
    ['0', '1', '2'],
  );
  assert.deepEqual(new Set(lines.slice(1, 5).map((line) => line.length)).size, 1);
  assert.deepEqual(lines.slice(6), [
    '2 taken for 0: 12 of 22',
    '2 taken for 1: 3 of 22',
    '0 taken for 2: 1 of 981',
  ]);
});

test('named classes are numbered', () => {
  const lines = printConfusion(
    [
      [3, 1],
      [0, 2],
    ],
    ['Shirt', 'Coat'],
  );
  assert.match(lines[2]!, /^0 Shirt +3 +1$/);
  assert.equal(lines.at(-1), 'Shirt taken for Coat: 1 of 4');
});

test('drawn, a cell is the darker the larger its share of the true class', () => {
  const matrix = [
    [8, 2],
    [0, 0],
  ];
  assert.deepEqual([...confusionPicture(matrix).data], [51, 204, 255, 255]);
  const drawn = svgConfusion(matrix, ['a', '<b>']);
  assert.equal(drawn.match(/<rect x/g)!.length, 4);
  assert.ok(drawn.includes('fill="rgb(51,142,193)"') && drawn.includes('>8<'));
  assert.ok(!drawn.includes('<b>'));
});
