import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { htmlReport } from '../../src/report/html.js';
import { image } from '../../src/report/image.js';
import { mistakes } from '../../src/report/mistakes.js';
import { HostArray } from '../../src/runtime/host-array.js';

const picture = image(2, 2, 1, Uint8Array.of(0, 85, 170, 255));

describe('htmlReport', () => {
  const report = {
    title: 'run <1>',
    facts: [['test accuracy', '0.98']] as const,
    history: { epoch: [0, 1], history: { loss: [0.5, 0.25], val_loss: [0.4, 0.3] } },
    summary: ['Model: "a & b"'],
  };

  it('needs nothing outside of itself', () => {
    const page = htmlReport({
      ...report,
      confusion: {
        matrix: [
          [3, 1],
          [0, 2],
        ],
        names: ['<script>', '"b"'],
      },
      mistakes: [{ picture, caption: '#4: <script>, taken for "b"' }],
      weights: [{ picture, caption: '' }],
      activations: [{ picture, caption: 'dense: <8>' }],
      files: [
        { name: 'loss.svg', content: Buffer.from('<svg/>') },
        { name: '"loss".png', content: Uint8Array.of(1, 2, 3) },
      ],
    });
    assert.ok(!/<script|<link|url\(|(href|src)="(?!data:)/.test(page));
    assert.ok(page.includes('<a download="loss.svg" href="data:image/svg+xml;base64,PHN2Zy8+">loss.svg</a>'));
    assert.ok(page.includes('<a download="&#34;loss&#34;.png" href="data:image/png;base64,AQID">'));
    assert.equal(page.match(/src="data:image\/png;base64,[A-Za-z0-9+/=]+"/g)?.length, 3);
    assert.equal(page.match(/<svg /g)?.length, 2);
    assert.ok(page.includes('run &#60;1&#62;') && page.includes('a &#38; b'));
    assert.match(page, /<td>&#60;script&#62;<\/td><td>1\.0000<\/td><td>0\.7500<\/td>/);
  });

  it('leaves out what there is nothing of', () => {
    const page = htmlReport(report);
    assert.equal(page.match(/<h2>/g)?.length, 2);
    assert.ok(!page.includes('<img'));
  });
});

describe('mistakes', () => {
  it('are the samples taken for another class, most sure first', () => {
    const outputs = new HostArray([4, 2], Float32Array.of(0.75, 0.25, 0.5, 0.5, 0.125, 0.875, 0, 1));
    assert.deepEqual(mistakes(outputs, [1, 0, 0, 1]), [
      { index: 2, label: 0, predicted: 1, probability: 0.875 },
      { index: 0, label: 1, predicted: 0, probability: 0.75 },
    ]);
  });
});
