import type { ModelDescription } from '../description.js';
import { writeJson } from '../json.js';
import { writeConfig } from '../keras/class-table.js';
import { Place } from '../keras/place.js';
import { bytesOf } from '../keras/values.js';
import { TFJS_LAYERS } from './tables.js';

/** The version of tfjs-layers whose format is written. */
const VERSION = '4.22.0';
/** Weights that tfjs-layers calls otherwise. */
const NAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  DepthwiseConv2D: { kernel: 'depthwise_kernel' },
};

/** The two files of a layers model. */
export interface LayersModel {
  readonly json: Uint8Array;
  readonly weights: readonly Uint8Array[];
}

/**
 * A model as TensorFlow.js's `tf.loadLayersModel` takes it. What it was compiled with is not part of it.
 *
 * @param weightsFile the name of the file of weights, beside the model
 * @throws CnnError UNSUPPORTED for what tfjs-layers lacks, with `layer` and `argument`
 */
export function writeLayersModel(model: ModelDescription, weightsFile: string): LayersModel {
  const { className, name, layers } = model;
  const place = new Place(`model "${name}"`);
  const topology = {
    class_name: className,
    config: { name, layers: layers.map((_, i) => layerConfig(model, i, place)) },
    keras_version: `tfjs-layers ${VERSION}`,
    backend: 'tensor_flow.js',
  };
  const specs = layers.flatMap(({ className: layer, config, weights }) =>
    weights.map(({ name: weight, shape, dtype }) => ({
      name: `${config.name}/${NAMES[layer]?.[weight] ?? weight}`,
      shape,
      dtype,
    })),
  );
  const json = {
    modelTopology: topology,
    format: 'layers-model',
    generatedBy: 'cnn-node',
    convertedBy: null,
    weightsManifest: [{ paths: [weightsFile], weights: specs }],
  };
  return {
    json: new TextEncoder().encode(writeJson(json)),
    weights: layers.flatMap(({ weights }) => weights.map(bytesOf)),
  };
}

function layerConfig({ layers, inputShape }: ModelDescription, index: number, place: Place) {
  const { className, config } = layers[index]!;
  const layer = String(config.name);
  const at = place.of(`layer "${layer}" (${className})`, { layer });
  if (!Object.hasOwn(TFJS_LAYERS.classes, className))
    throw at.unsupported('layers of tfjs-layers', className);
  const { inputShape: _, ...own } = config;
  const input =
    index === 0 && inputShape !== undefined ? { batch_input_shape: inputShape, dtype: 'float32' } : {};
  return {
    class_name: className,
    config: { ...writeConfig(TFJS_LAYERS.classes[className]!, own, at), ...input },
  };
}
