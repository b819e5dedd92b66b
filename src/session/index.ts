export { Graph, type PlaceholderOptions, type TruncatedNormalOptions } from './graph.js';
export { type GraphNode, Node, type Operand, type Operation, type Value } from './node.js';
export { type Feeds, type FeedValue, type Fetched, type Fetches, Session } from './session.js';
export type { TrainingRule } from './state.js';
export type { GraphDType, HostValues, NestedValues } from './values.js';
export type { VariableNode } from './variable-node.js';
