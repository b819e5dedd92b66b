/**
 * TensorFlow.js core with every gradient and chained op (`x.add(y)`) registered: the one place from which this
 * package takes tfjs. The build bundles this module, because Node cannot load tfjs-core's ES modules unbundled.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';

export * from '@tensorflow/tfjs-core';
