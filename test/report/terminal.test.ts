import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tickLabels, ticks } from '../../src/report/axis.js';
import { learningCurves } from '../../src/report/curves.js';
import { image } from '../../src/report/image.js';
import { classScores, printScores } from '../../src/report/scores.js';
import { svgCurves } from '../../src/report/svg-chart.js';
import { drawCurves } from '../../src/report/terminal-chart.js';
import { drawPicture, sideBySide } from '../../src/report/terminal-picture.js';

describe('pictures in the terminal', () => {
  const picture = image(2, 3, 1, Uint8Array.of(0, 255, 255, 255, 128, 0));

  it('take two rows of pixels a line, in true colours, grays or solid blocks', () => {
    assert.deepEqual(drawPicture(picture, 24), [
      '\x1b[38;2;0;0;0;48;2;255;255;255m▀\x1b[38;2;255;255;255;48;2;255;255;255m▀\x1b[0m',
      '\x1b[38;2;128;128;128;48;2;0;0;0m▀\x1b[38;2;0;0;0;48;2;0;0;0m▀\x1b[0m',
    ]);
    assert.equal(drawPicture(picture, 8)[0], '\x1b[38;5;232;48;5;255m▀\x1b[38;5;255;48;5;255m▀\x1b[0m');
    assert.deepEqual(drawPicture(picture, 1), ['▄█', '▀']);
    assert.equal(
      drawPicture(image(1, 1, 3, Uint8Array.of(1, 2, 3)), 24)[0],
      '\x1b[38;2;1;2;3;48;2;0;0;0m▀\x1b[0m',
    );
  });

  it('stand side by side under their headings, as many as fit', () => {
    const block = (heading: string, ...lines: string[]) => ({ heading, lines, width: 3 });
    const blocks = [block('one', '\x1b[1mab\x1b[0m', 'c'), block('two', 'd'), block('three', 'e')];
    assert.deepEqual(sideBySide(blocks, 10), ['one  two', '\x1b[1mab\x1b[0m   d', 'c', '', 'thr', 'e']);
    assert.deepEqual(sideBySide(blocks.slice(0, 1), 1), ['one', '\x1b[1mab\x1b[0m', 'c']);
  });
});

describe('axes', () => {
  it('have round ticks that cover the range', () => {
    assert.deepEqual(ticks(0.11, 0.93, 6), [0, 0.2, 0.4, 0.6, 0.8, 1]);
    assert.deepEqual(tickLabels(ticks(0.11, 0.93, 6)), ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']);
    assert.deepEqual(ticks(0, 0, 4).at(0), 0);
    for (const [least, most] of [
      [-3, 17],
      [1e-5, 2e-5],
      [5, 5],
      [0, 12345],
    ] as const) {
      const values = ticks(least, most, 5);
      assert.ok(values[0]! <= least && values.at(-1)! >= most && values.length < 9, `${values}`);
      assert.equal(new Set(tickLabels(values)).size, values.length);
    }
  });
});

describe('learning curves', () => {
  const history = {
    epoch: [0, 1, 2, 3],
    history: {
      loss: [0.8, Number.NaN, 0.4, 0.2],
      val_loss: [0.6, 0.3],
      'a<b': [1, 2, 3, 4],
      val_only: [1, 1, 1, 1],
    },
  };

  it('are one chart for each result, epochs counted from 1', () => {
    const [loss, odd, only] = learningCurves(history);
    assert.deepEqual(loss, {
      title: 'loss',
      curves: [
        {
          name: 'training',
          points: [
            [1, 0.8],
            [3, 0.4],
            [4, 0.2],
          ],
        },
        // Validated every second epoch.
        {
          name: 'validation',
          points: [
            [2, 0.6],
            [4, 0.3],
          ],
        },
      ],
    });
    assert.equal(odd!.curves.length, 1);
    assert.equal(only!.title, 'val_only');
    assert.deepEqual(learningCurves({ epoch: [0], history: { loss: [Number.NaN] } }), []);
  });

  it('are drawn in the terminal, within its width', () => {
    const lines = drawCurves(learningCurves(history)[0]!, { columns: 40, rows: 5 });
    assert.ok(lines.every((line) => line.length <= 40));
    assert.match(lines[0]!, /^loss +● training {2}○ validation$/);
    assert.equal(lines.join('').match(/[●○]/g)!.length, 2 + 5);
    assert.match(lines.at(-1)!, /^ +1 +4 {2}epoch$/);
  });

  it('are drawn as SVG, words escaped', () => {
    const [loss, odd] = learningCurves(history).map(svgCurves);
    assert.equal(loss!.match(/<polyline/g)!.length, 2);
    assert.equal(loss!.match(/<circle/g)!.length, 5);
    assert.ok(!odd!.includes('a<b') && odd!.includes('a&#60;b'));
    assert.ok(!/NaN|Infinity/.test(loss! + odd!));
    const single = svgCurves(learningCurves({ epoch: [0], history: { loss: [2] } })[0]!);
    assert.ok(!/NaN|Infinity/.test(single));
  });
});

describe('scores of classes', () => {
  const matrix = [
    [8, 2, 0],
    [1, 9, 0],
    [0, 0, 0],
  ];

  it('are precision, recall and F1; 0 where there is nothing', () => {
    const [first, second, none] = classScores(matrix);
    assert.deepEqual([first!.precision, first!.recall, first!.support], [8 / 9, 0.8, 10]);
    assert.ok(Math.abs(second!.f1 - (2 * (9 / 11) * 0.9) / (9 / 11 + 0.9)) < 1e-12);
    assert.deepEqual(none, { precision: 0, recall: 0, f1: 0, support: 0 });
  });

  it('are printed in columns that line up', () => {
    const lines = printScores(classScores(matrix), ['zero', 'one', 'two']);
    assert.equal(new Set(lines.map((line) => line.length)).size, 1);
    assert.match(lines[1]!, /^zero +0\.8889 +0\.8000 +0\.8421 +10$/);
    assert.match(lines.at(-1)!, /^mean .* 20$/);
  });
});
