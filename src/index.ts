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
export type { Activation, ActivationIdentifier } from './activations/get.js';
/** Activations as functions of tensors, for layers of your own; layers take them by name as well. */
export * as activations from './activations/index.js';
export {
  Callback,
  type Logs,
  type Pause,
  type ResumableTraining,
  type TrainedModel,
  type TrainingControl,
} from './callbacks/callback.js';
/** What is told how training goes, and may stop it. */
export * as callbacks from './callbacks/index.js';
/** Data sets and the files they come from. */
export * as datasets from './datasets/index.js';
export { CnnError, type ErrorCode, type ErrorDetails } from './errors.js';
export type { InitializerIdentifier } from './initializers/get.js';
/** First values of weights. */
export * as initializers from './initializers/index.js';
export { Initializer } from './initializers/initializer.js';
export * from './insight/index.js';
/** What models are made of. */
export * as layers from './layers/index.js';
export {
  type BatchForm,
  type CallContext,
  Layer,
  type LayerOptions,
  type WeightOptions,
} from './layers/layer.js';
export type { PairOption } from './layers/spatial.js';
export type { LossFunction } from './losses/function-loss.js';
export type { LossIdentifier } from './losses/get.js';
/** What training makes small. */
export * as losses from './losses/index.js';
export { Loss, type LossOptions, type Reduction } from './losses/loss.js';
export type { MetricFunction } from './metrics/function-metric.js';
export type { MetricIdentifier } from './metrics/get.js';
/** How good predictions are. */
export * as metrics from './metrics/index.js';
export { type Direction, Metric, type MetricOptions } from './metrics/metric.js';
export * from './models/index.js';
export type { ProgressStream, Verbosity } from './models/progress.js';
export type { Padding } from './ops/window.js';
export type { OptimizerIdentifier } from './optimizers/get.js';
/** How gradients change weights. */
export * as optimizers from './optimizers/index.js';
export {
  Optimizer,
  type OptimizerOptions,
  type VariableGradient,
  type VariableUpdate,
} from './optimizers/optimizer.js';
/** Learning rates that change as training goes on. */
export * as schedules from './optimizers/schedules/index.js';
export { LearningRateSchedule } from './optimizers/schedules/learning-rate-schedule.js';
export type { NameIn, Serialized } from './registry.js';
export type { RegularizerIdentifier } from './regularizers/get.js';
/** What keeps weights small. */
export * as regularizers from './regularizers/index.js';
export { Regularizer } from './regularizers/regularizer.js';
/** Pictures and charts in the terminal, as PNG and SVG, reports, event files. */
export * as report from './report/index.js';
export { TensorBoard, type TensorBoardOptions } from './report/tensorboard/callback.js';
export * from './runtime/index.js';
export type { Library } from './runtime/library.js';
export type { SetupProgress } from './runtime/setup/install.js';
export * from './session/index.js';
export type { Axis } from './session/infer.js';
export type { Elementwise } from './session/node.js';
export type { Shape } from './shape.js';
/** TensorFlow.js, for everything below layers: https://js.tensorflow.org/api/latest/ */
export * as tf from './tf.js';
