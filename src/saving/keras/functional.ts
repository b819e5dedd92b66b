import { isDeepStrictEqual } from 'node:util';
import { isObject } from './kinds.js';
import type { Place } from './place.js';

/** What a layer may be called with beside its input: what it is called with anyway. */
const NEUTRAL: Readonly<Record<string, readonly unknown[]>> = { training: [false, null], mask: [null] };

/**
 * The layers of a Functional model whose layers follow one another, as a Sequential model lists them: most are like
 * that.
 *
 * @throws CnnError UNSUPPORTED for any other, naming the layer where it parts
 */
export function chainOf(config: Record<string, unknown>, place: Place): Record<string, unknown> {
  const { layers, input_layers: inputs, output_layers: outputs, ...rest } = config;
  if (!Array.isArray(layers) || layers.length === 0)
    throw place.argument('layers').corrupt('a list of layers', layers);
  let previous: unknown;
  const chain = layers.map((layer: unknown) => {
    if (!isObject(layer)) throw place.argument('layers').corrupt('objects', layer);
    const { name, inbound_nodes: nodes, ...own } = layer;
    const at = place.of(`layer "${String(name)}"`, { layer: String(name) });
    if (!isObject(own.config) || own.config.name !== name) throw at.corrupt('the same name twice', name);
    checkNodes(nodes, previous, at);
    previous = name;
    return own;
  });
  const first = (layers[0] as Record<string, unknown>).name;
  for (const [given, name, argument] of [
    [inputs, first, 'input_layers'],
    [outputs, previous, 'output_layers'],
  ]) {
    const isIt = [[name, 0, 0], [[name, 0, 0]]].some((form) => isDeepStrictEqual(given, form));
    if (!isIt) throw place.argument(argument as string).unsupported(`"${String(name)}" alone`, given);
  }
  return { ...rest, layers: chain };
}

/** Called once, with what came out of the layer before; the first layer is not called. */
function checkNodes(nodes: unknown, previous: unknown, place: Place): void {
  const at = place.argument('inbound_nodes');
  if (!Array.isArray(nodes)) throw at.corrupt('a list', nodes);
  if (previous === undefined && nodes.length === 0) return;
  const [node] = nodes as unknown[];
  const { args, kwargs = {} } = isObject(node) ? node : {};
  const [tensor, ...more] = Array.isArray(args) ? (args as unknown[]) : [];
  const { config } = isObject(tensor) && tensor.class_name === '__keras_tensor__' ? tensor : {};
  const history = isObject(config) ? config.keras_history : undefined;
  if (nodes.length !== 1 || more.length > 0 || !isDeepStrictEqual(history, [previous, 0, 0])) {
    throw at.unsupported(`one call, with what comes out of "${String(previous)}"`, nodes);
  }
  const strange = Object.entries(isObject(kwargs) ? kwargs : { kwargs }).find(
    ([key, value]) => !Object.hasOwn(NEUTRAL, key) || !NEUTRAL[key]!.includes(value),
  );
  if (strange !== undefined)
    throw at.unsupported('a call with an input alone', Object.fromEntries([strange]));
}
