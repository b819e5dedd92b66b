export { TensorBoard, type TensorBoardOptions } from './tensorboard/callback.js';
export { EventFile } from './tensorboard/event-file.js';
export type { Bucket } from './tensorboard/histogram.js';
export type { Hyperparameter } from './tensorboard/summary.js';
