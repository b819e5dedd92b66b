export type { CompileOptions, Results } from './compiled.js';
export type { EvaluateOptions } from './evaluate.js';
export type { FitOptions } from './fit.js';
export type { History } from './history.js';
export { Model } from './model.js';
export type { PredictOptions } from './predict.js';
export { Sequential, type SequentialOptions } from './sequential.js';
export type { ArrayLike } from './source.js';
export type { SummaryOptions } from './summary.js';
