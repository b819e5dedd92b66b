import { bytes, message, whole } from '../../runtime/message.js';
import { type GraphDef, writeGraphDef } from './graph-def.js';
import { DT_FLOAT, shapeProto } from './tensor.js';

/** What a signature says of a tensor: float32 of a shape, null where a size is open. */
export interface SignatureTensor {
  readonly name: string;
  readonly shape: readonly (number | null)[];
}

/** The method's name by which TensorFlow Serving knows functions from tensors to tensors. */
const PREDICT = 'tensorflow/serving/predict';

/**
 * The file `saved_model.pb` of a SavedModel whose graph has all its values within, with the function
 * `serving_default`. SavedModel: schema version 1, meta graphs 2. MetaGraphDef: meta info 1 { tags 4, version of
 * TensorFlow 5 }, graph 2, signatures 5. SignatureDef: inputs 1, outputs 2, method 3. TensorInfo: name 1, type 2,
 * shape 3.
 */
export function savedModel(
  graph: GraphDef,
  input: SignatureTensor,
  output: SignatureTensor,
  tensorflow: string,
): Uint8Array {
  const entry = (key: string, value: Uint8Array) => message(bytes(1, key), bytes(2, value));
  const tensor = ({ name, shape }: SignatureTensor) =>
    entry(name, message(bytes(1, `${name}:0`), whole(2, DT_FLOAT), bytes(3, shapeProto(shape))));
  const signature = message(bytes(1, tensor(input)), bytes(2, tensor(output)), bytes(3, PREDICT));
  const metaGraph = message(
    bytes(1, message(bytes(4, 'serve'), bytes(5, tensorflow))),
    bytes(2, writeGraphDef(graph)),
    bytes(5, entry('serving_default', signature)),
  );
  return message(whole(1, 1), bytes(2, metaGraph));
}
