/** What a step's time goes to, in the order in which it is told. */
export const CATEGORIES = [
  'products',
  'updates',
  'random numbers',
  'data',
  'loss and metrics',
  'other operations',
  'scheduling',
  'host',
] as const;
/**
 * `products`: matrix products and convolutions, with their gradients. `updates`: what the optimizer does. `data`: taking a
 * batch from the data set. `other operations`: activations, biases, pooling, normalization ... `scheduling`: TensorFlow
 * between ops. `host`: JavaScript, and the way to TensorFlow's threads and back.
 */
export type Category = (typeof CATEGORIES)[number];

/** Something that takes time: an op of the graph, or what is done around the ops. */
export interface Activity {
  readonly category: Category;
  /** For an op of the graph. */
  readonly op?: { readonly node: string; readonly type: string };
}

/** What TensorFlow does between ops: choosing the next one, handing it to another thread. */
export const SCHEDULING: Activity = { category: 'scheduling' };
/** What the program does between calls. */
export const HOST: Activity = { category: 'host' };

const PRODUCTS = /MatMul|Conv[23]D|DepthwiseConv|Einsum/;
const UPDATES = /^ResourceApply/;
const RANDOM = /Random|Multinomial|Rng/;
/** By the scopes that the steps of a model record under. */
const SCOPES: Readonly<Record<string, Category>> = {
  optimizer: 'updates',
  batch: 'data',
  loss: 'loss and metrics',
  metrics: 'loss and metrics',
};

/** The activity that an event named `dense/MatMul_25:MatMul` is, or undefined where it is no op. */
export function activityOf(event: string): Activity | undefined {
  const [, node, type] = /^([^\s:]+):(\w+)$/.exec(event) ?? [];
  if (node === undefined || type === undefined) return undefined;
  return { category: categoryOf(node, type), op: { node, type } };
}

function categoryOf(node: string, type: string): Category {
  if (PRODUCTS.test(type)) return 'products';
  if (UPDATES.test(type)) return 'updates';
  if (RANDOM.test(type)) return 'random numbers';
  const scope = node.split('/').find((part) => Object.hasOwn(SCOPES, part));
  return scope === undefined ? 'other operations' : SCOPES[scope]!;
}
