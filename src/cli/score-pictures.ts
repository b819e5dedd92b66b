import type { Dataset } from '../datasets/dataset.js';
import { svgConfusion } from '../report/confusion.js';
import type { Mistake } from '../report/mistakes.js';
import { pictureShape, samplePicture } from '../report/pictures.js';
import { classScores } from '../report/scores.js';
import { type Captioned, svgPictures } from '../report/svg-pictures.js';
import { svgScores } from '../report/svg-scores.js';

/** Misclassified samples that are shown at the most. */
export const MAX_MISTAKES = 60;

/** What a model makes of a test set, as SVG documents by name: confusion matrix, scores of classes, mistakes. */
export function scorePictures(
  test: Dataset,
  confusion: readonly (readonly number[])[],
  wrong: readonly Mistake[],
  names: readonly string[],
): Map<string, string> {
  const documents = new Map([
    ['confusion', svgConfusion(confusion, names)],
    ['scores', svgScores(classScores(confusion), names)],
  ]);
  const pictures = mistakePictures(test, wrong, names);
  if (pictures.length > 0) {
    const title = 'What it gets wrong, most sure first';
    documents.set('errors', svgPictures(pictures, { title, scale: 3 }));
  }
  return documents;
}

/** The first misclassified samples, dark on light, with what they are and what they were taken for; none of samples that are no pictures. */
export function mistakePictures(
  { x }: Dataset,
  wrong: readonly Mistake[],
  names: readonly string[],
): Captioned[] {
  if (pictureShape(x.shape) === undefined) return [];
  return wrong.slice(0, MAX_MISTAKES).map(({ index, label, predicted, probability }) => ({
    picture: samplePicture(x, index, { inverted: true }),
    caption: `#${index}: ${names[label]}, taken for ${names[predicted]} (${probability.toFixed(2)})`,
  }));
}
