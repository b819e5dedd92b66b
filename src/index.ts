/**
 * Deep learning for Node.js in the manner of Keras: models, layers and data sets, each training step one compiled
 * TensorFlow function.
 *
 * @example
 * import { datasets, layers, Sequential } from 'cnn-node';
 *
 * const { train, validation, test } = await datasets.mnist.load();
 * const model = new Sequential([
 *   layers.flatten({ inputShape: [28, 28] }),
 *   layers.dense({ units: 512, activation: 'relu' }),
 *   layers.dense({ units: 10, activation: 'softmax' }),
 * ]);
 * model.compile({ optimizer: 'adam', loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
 * await model.fit(train, { batchSize: 128, epochs: 5, validationData: validation });
 * const { loss, accuracy } = await model.evaluate(test);
 *
 * @packageDocumentation
 */
export * as activations from './activations/index.js';
export {
  Callback,
  type Logs,
  type Pause,
  type ResumableTraining,
  type TrainedModel,
  type TrainingControl,
} from './callbacks/callback.js';
export * as callbacks from './callbacks/index.js';
export * as datasets from './datasets/index.js';
export { CnnError, type ErrorCode, type ErrorDetails } from './errors.js';
export * as initializers from './initializers/index.js';
export * from './insight/index.js';
export * as layers from './layers/index.js';
export { type CallContext, Layer, type LayerOptions } from './layers/layer.js';
export * as losses from './losses/index.js';
export { Loss } from './losses/loss.js';
export * as metrics from './metrics/index.js';
export { Metric } from './metrics/metric.js';
export * from './models/index.js';
export * as optimizers from './optimizers/index.js';
export { Optimizer } from './optimizers/optimizer.js';
export * as schedules from './optimizers/schedules/index.js';
export { LearningRateSchedule } from './optimizers/schedules/learning-rate-schedule.js';
export * as regularizers from './regularizers/index.js';
export * as report from './report/index.js';
export { TensorBoard, type TensorBoardOptions } from './report/tensorboard/callback.js';
export * from './runtime/index.js';
export * from './session/index.js';
export type { Shape } from './shape.js';
export * as tf from './tf.js';
