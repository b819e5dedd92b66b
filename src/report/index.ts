export { confusionMatrix, printConfusion, svgConfusion } from './confusion.js';
export { type Curve, type CurveChart, learningCurves } from './curves.js';
export { htmlReport, type PictureFile, type RunReport } from './html.js';
export { encodePng, enlarge, type Image, image, tile } from './image.js';
export { type LayerMaps, layerMaps, mapsThrough } from './layer-maps.js';
export { type Mistake, mistakes } from './mistakes.js';
export { samplePicture } from './pictures.js';
export { svgToPng } from './rasterize.js';
export { type ClassScore, classScores, printScores } from './scores.js';
export {
  activationMaps,
  colouredPictures,
  grayPictures,
  type SignedPictures,
  weightMaps,
  weightPictures,
} from './signed-pictures.js';
export { svgCurves } from './svg-chart.js';
export { type Captioned, svgPictures } from './svg-pictures.js';
export { svgScores } from './svg-scores.js';
export { EventFile, type EventFilePlace } from './tensorboard/event-file.js';
export type { Bucket } from './tensorboard/histogram.js';
export { readScalars, type ScalarPoint, type Scalars } from './tensorboard/scalars.js';
export type { Hyperparameter, NamedLayer } from './tensorboard/summary.js';
export { drawCurves } from './terminal-chart.js';
export { type ColorDepth, drawPicture, sideBySide } from './terminal-picture.js';
export { type ClassProbability, topClasses } from './top-classes.js';
