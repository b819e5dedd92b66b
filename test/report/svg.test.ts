import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import sharp from 'sharp';
import { svgConfusion } from '../../src/report/confusion.js';
import { image } from '../../src/report/image.js';
import { svgToPng } from '../../src/report/rasterize.js';
import { classScores } from '../../src/report/scores.js';
import { svgPictures } from '../../src/report/svg-pictures.js';
import { svgScores } from '../../src/report/svg-scores.js';

const picture = image(2, 1, 3, Uint8Array.of(255, 0, 0, 0, 0, 255));
const matrix = [
  [3, 1],
  [0, 4],
];

/** Share of the pixels of a document that nearly have a colour. */
async function shareOf(document: string, colour: readonly number[]): Promise<number> {
  const { data, info } = await sharp(await svgToPng(document))
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  let found = 0;
  for (let i = 0; i < data.length; i += info.channels) {
    if (colour.every((value, channel) => Math.abs(data[i + channel]! - value) < 8)) found++;
  }
  return (found * info.channels) / data.length;
}

describe('SVG and PNG', () => {
  it('holds pictures with their captions, in rows, and nothing from elsewhere', async () => {
    const pictures = Array.from({ length: 5 }, (_, i) => ({ picture, caption: `<${i}> & "more"` }));
    const document = svgPictures(pictures, { title: '<all>', scale: 100, width: 500 });
    assert.equal(document.match(/href="data:image\/png;base64,/g)?.length, 5);
    assert.ok(document.includes('&#60;4&#62; &#38; &#34;more&#34;') && document.includes('&#60;all&#62;'));
    const places = [...document.matchAll(/<image x="([\d.]+)" y="([\d.]+)"/g)].map((match) => match[2]);
    assert.equal(new Set(places).size, 3, 'two in a row');
    for (const colour of [
      [255, 0, 0],
      [0, 0, 255],
    ]) {
      const share = await shareOf(document, colour);
      assert.ok(share > 0.15 && share < 0.5, String(share));
    }
  });

  it('draws scores as bars as long as they are high', async () => {
    const document = svgScores(classScores(matrix), ['a', '<b>']);
    assert.ok(document.includes('&#60;b&#62;') && document.includes('0.750') && document.includes('0.889'));
    // Precision 1 and 0.8, recall 0.75 and 1.
    const [precision, recall] = [
      await shareOf(document, [0, 114, 178]),
      await shareOf(document, [213, 94, 0]),
    ];
    assert.ok(Math.abs(precision / recall - 1.8 / 1.75) < 0.02);
  });

  it('becomes a PNG twice as large', async () => {
    const document = svgConfusion(matrix, ['a', 'b']);
    const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(document)!;
    const png = await sharp(await svgToPng(document)).metadata();
    assert.deepEqual([png.format, png.width, png.height], ['png', 2 * Number(width), 2 * Number(height)]);
  });
});
