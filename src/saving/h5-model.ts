import { CnnError } from '../errors.js';
import { Bytes } from './bytes.js';
import type { ModelDescription } from './description.js';
import { AttributeReader } from './hdf5/attributes.js';
import { readHdf5 } from './hdf5/read.js';
import { parseJson } from './json.js';
import { readNamedWeights } from './keras/h5-weights.js';
import { Place } from './keras/place.js';
import { readTopology } from './tfjs/read.js';

/**
 * Reads a whole model from a `.h5` file, as Keras 2 saves it, and Keras 3 where it is asked to. What it was compiled
 * with is not read.
 *
 * @throws CnnError FILE_CORRUPT, UNSUPPORTED with `file`, `layer`, `argument`
 */
export function readH5Model(data: Uint8Array, file: string): ModelDescription {
  const bytes = new Bytes(file, data);
  const root = readHdf5(bytes);
  const attributes = new AttributeReader(bytes);
  const text = attributes.text(root, 'model_config');
  const weights = readNamedWeights(file, root, attributes);
  if (text === undefined || weights === undefined) {
    throw new CnnError('UNSUPPORTED', `${file} holds weights, and no model`, {
      file,
      expected: 'a file with model_config and model_weights',
      hint: 'Make the model, then: await model.loadWeights(file)',
    });
  }
  const json = parseJson(new Bytes(file, new TextEncoder().encode(text)));
  const config = readTopology(json, new Place('model', { file }));
  const layers = config.layers.map((layer) => {
    const name = String(layer.config.name);
    const values = weights.get(name) ?? [];
    weights.delete(name);
    return { ...layer, inputShape: undefined, weights: values };
  });
  const left = [...weights].filter(([, values]) => values.length > 0).map(([name]) => name);
  if (left.length === 0) {
    return { className: 'Sequential', ...config, layers, compile: undefined, optimizerState: undefined };
  }
  throw new CnnError('FILE_CORRUPT', `${file} has weights of layers that it does not have`, {
    file,
    expected: 'weights of the layers',
    received: left.slice(0, 10).join(', '),
  });
}
