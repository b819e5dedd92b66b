import { bytes, double, type Field, float, message, whole } from '../../runtime/message.js';
import { encodePng, type Image } from '../image.js';
import type { Bucket } from './histogram.js';

// Values as TensorBoard's plugins read them: summary.proto, tensor.proto and the plugins' own plugin_data.proto of
// TensorBoard 2.21.

const DT_FLOAT = 1;
const DT_DOUBLE = 2;
const DT_STRING = 7;

/** What a plugin's values are, for TensorBoard's storage. */
const SCALAR = 1;
const TENSOR = 2;
const BLOBS = 3;

/** A number at a step. */
export function scalarValue(tag: string, value: number): Uint8Array {
  return summaryValue(tag, 'scalars', SCALAR, message(whole(1, DT_FLOAT), shapeField([]), float(5, value)));
}

export function histogramValue(tag: string, buckets: readonly Bucket[]): Uint8Array {
  const content = Float64Array.from(buckets.flat());
  const tensor = message(
    whole(1, DT_DOUBLE),
    shapeField([buckets.length, 3]),
    bytes(4, new Uint8Array(content.buffer)),
  );
  return summaryValue(tag, 'histograms', TENSOR, tensor);
}

/** Pictures of one size, shown together. */
export function imageValue(tag: string, pictures: readonly Image[]): Uint8Array {
  const { width, height } = pictures[0]!;
  const strings = [String(width), String(height), ...pictures.map(encodePng)];
  return summaryValue(tag, 'images', BLOBS, stringTensor([strings.length], strings));
}

/** Text in Markdown. */
export function textValue(tag: string, markdown: string): Uint8Array {
  return summaryValue(tag, 'text', TENSOR, stringTensor([], [markdown]));
}

/** A layer, as the conceptual graph shows it. */
export interface NamedLayer {
  /** What its box is called. */
  readonly name: string;
  /** What kind of layer it is: `'Dense'`. */
  readonly className: string;
}

/** A model as a chain of layers: what TensorBoard reads of Keras's `model.to_json()`. */
export function layersValue(name: string, layers: readonly NamedLayer[]): Uint8Array {
  const json = {
    class_name: 'Sequential',
    config: {
      name,
      layers: layers.map((layer) => ({
        class_name: layer.className,
        config: { name: layer.name, dtype: 'float32' },
      })),
    },
  };
  const version = new Uint8Array(Buffer.from('1'));
  const tensor = stringTensor([1], [JSON.stringify(json)]);
  return summaryValue('keras', 'graph_keras_model', BLOBS, tensor, version);
}

/** A setting of a run. */
export type Hyperparameter = number | string | boolean;

/** The settings of a run, for the table that compares runs. */
export function hyperparametersValue(settings: Readonly<Record<string, Hyperparameter>>): Uint8Array {
  const entries = Object.entries(settings).map(([name, value]) =>
    bytes(1, message(bytes(1, name), bytes(2, structValue(value)))),
  );
  const start = message(...entries, double(5, Date.now() / 1000));
  return hparamsValue('_hparams_/session_start_info', bytes(3, start));
}

/** That a run with settings has ended well. */
export function runEndedValue(): Uint8Array {
  const STATUS_SUCCESS = 1;
  const end = message(whole(1, STATUS_SUCCESS), double(2, Date.now() / 1000));
  return hparamsValue('_hparams_/session_end_info', bytes(4, end));
}

function hparamsValue(tag: string, data: Field): Uint8Array {
  const tensor = message(whole(1, DT_FLOAT), shapeField([0]));
  return summaryValue(tag, 'hparams', TENSOR, tensor, message(whole(1, 0), data));
}

/** google.protobuf.Value. */
function structValue(value: Hyperparameter): Uint8Array {
  if (typeof value === 'number') return double(2, value);
  return typeof value === 'string' ? bytes(3, value) : whole(4, Number(value));
}

function summaryValue(
  tag: string,
  plugin: string,
  dataClass: number,
  tensor: Uint8Array,
  content: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const pluginData = message(bytes(1, plugin), bytes(2, content));
  const metadata = message(bytes(1, pluginData), whole(4, dataClass));
  return message(bytes(1, tag), bytes(8, tensor), bytes(9, metadata));
}

function stringTensor(shape: readonly number[], strings: readonly (string | Uint8Array)[]): Uint8Array {
  return message(whole(1, DT_STRING), shapeField(shape), ...strings.map((string) => bytes(8, string)));
}

function shapeField(shape: readonly number[]): Field {
  return bytes(2, message(...shape.map((size) => bytes(2, whole(1, size)))));
}
