import { CnnError } from '../errors.js';
import type { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';
import { type GraphNode, Node, Operation, type Run } from './node.js';
import type { SessionState, TrainingRule } from './state.js';
import { gradientsOnTape } from './tape.js';
import type { VariableNode } from './variable-node.js';

/** Nodes of the gradients of the sum of y's elements by some nodes. @throws CnnError INVALID_ARGUMENT, DTYPE_MISMATCH */
export function gradientNodes(y: Node, xs: readonly Node[]): Node[] {
  checkDifferentiable(y, xs);
  const computed = new WeakMap<Run, tf.Tensor[]>();
  const all = (run: Run) => {
    const tensors = computed.get(run) ?? gradientsIn(run, y, xs);
    computed.set(run, tensors);
    return tensors;
  };
  return xs.map((x, i) => {
    const kernel = { differentiates: true, compute: (run: Run) => all(run)[i]! };
    const { dtype, shape } = x;
    const name = `${x.name}/gradient`;
    // All x are inputs, so that all are computed before the first gradient.
    return new Node(y.graph, { op: 'gradient', name, inputs: [y, ...xs], kernel, dtype, shape });
  });
}

/** The operation that changes variables, once at each run, so that a loss falls. */
export function trainingNode(
  loss: Node,
  optimizer: TrainingRule,
  variables: readonly VariableNode[] = trainableBelow(loss),
): Operation {
  if (variables.length === 0) {
    throw new CnnError('INVALID_ARGUMENT', `"${loss.name}" depends on no trainable variable`, {
      node: loss.name,
    });
  }
  checkDifferentiable(loss, variables);
  const variablesIn = (state: SessionState): Variable[] => variables.map((node) => state.variable(node));
  return new Operation(loss.graph, {
    op: 'minimize',
    inputs: [loss, ...variables],
    kernel: {
      differentiates: true,
      prepare: (state) => state.buildOptimizer(optimizer, variablesIn(state)),
      compute: (run) => {
        optimizer.applyGradients(gradientsIn(run, loss, variables));
        return undefined;
      },
    },
  });
}

function gradientsIn(run: Run, y: Node, xs: readonly Node[]): tf.Tensor[] {
  const gradients = gradientsOnTape(
    run.valueOf(y),
    xs.map((x) => run.valueOf(x)),
  );
  return gradients.map(
    (gradient, i) => gradient ?? refuse(y, xs[i]!, 'no differentiable way leads from one to the other'),
  );
}

function checkDifferentiable(y: Node, xs: readonly Node[]): void {
  const below = ancestors([y]);
  for (const x of [y, ...xs]) {
    if (x.dtype === undefined || x.dtype === 'float32') continue;
    throw new CnnError('DTYPE_MISMATCH', `node "${x.name}" has no gradients`, {
      node: x.name,
      expected: 'float32',
      received: x.dtype,
    });
  }
  for (const x of xs) if (!below.has(x)) refuse(y, x, 'it is not computed from it');
}

function refuse(y: Node, x: Node, reason: string): never {
  throw new CnnError('INVALID_ARGUMENT', `"${y.name}" does not depend on "${x.name}": ${reason}`, {
    node: y.name,
    variable: x.name,
  });
}

function trainableBelow(loss: Node): VariableNode[] {
  const isTrainable = (node: object): node is VariableNode => 'trainable' in node && node.trainable === true;
  return [...ancestors([loss])].filter(isTrainable).sort((a, b) => a.id - b.id);
}

/** Some nodes and all that they are computed from. */
export function ancestors(nodes: Iterable<GraphNode>): Set<GraphNode> {
  const found = new Set(nodes);
  for (const node of found) for (const input of node.inputs) found.add(input);
  return found;
}
