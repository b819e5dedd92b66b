export type { ArrayOptions, NestedNumbers, Numbers } from './arrays.js';
export type { Batch } from './batch.js';
export type { Column, ColumnData } from './column.js';
export { type CsvImages, type CsvOptions, readCsv } from './csv.js';
export { Dataset, type DatasetFields, type SplitSizes, type Splits } from './dataset.js';
export { type DigitOptions, digitOf } from './digit.js';
/** Pictures of clothes, in ten classes. */
export * as fashionMnist from './fashion-mnist.js';
export { type IdxArray, type IdxExpectation, type IdxType, readIdx } from './idx.js';
export type { LoadOptions } from './image-folder.js';
export type { ImageFormat } from './image-format.js';
export { load } from './load.js';
/** Handwritten digits. */
export * as mnist from './mnist.js';
export { type GrayPicture, readPicture } from './picture-file.js';
