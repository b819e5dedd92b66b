import { CnnError } from '../errors.js';
import { SeedGenerator } from '../runtime/random.js';
import { Variable } from '../runtime/variable.js';
import type * as tf from '../tf.js';
import type { VariableNode } from './variable-node.js';

/** What changes variables so that a loss falls: the optimizers of this package are such. */
export interface TrainingRule {
  /** Makes its own state for these variables; again for the same ones it does nothing. */
  build(variables: readonly Variable[]): void;
  /** One update, by gradients in the order of `build`'s variables. Traced. */
  applyGradients(gradients: readonly tf.Tensor[]): void;
  /** Forgets the variables and the state. */
  dispose(): void;
}

/** What a session keeps between runs: the values of variables, the states of random numbers and of optimizers. */
export class SessionState {
  private readonly variables = new Map<VariableNode, Variable>();
  private readonly generators = new Map<object, SeedGenerator>();
  private readonly optimizers = new Set<TrainingRule>();
  private readonly onReset: () => void;

  /** @param onReset is told when optimizers have lost the variables that compiled functions know */
  constructor(onReset: () => void) {
    this.onReset = onReset;
  }

  /** @throws CnnError NOT_INITIALIZED */
  variable(node: VariableNode): Variable {
    const variable = this.variables.get(node);
    if (variable !== undefined) return variable;
    throw new CnnError('NOT_INITIALIZED', `variable "${node.name}" has no value yet`, {
      variable: node.name,
      hint: 'Run its initializer first: await session.run(graph.initializer).',
    });
  }

  initialize(node: VariableNode, value: tf.Tensor): void {
    const variable = this.variables.get(node);
    if (variable === undefined) {
      this.variables.set(node, new Variable(value, { name: node.name, trainable: node.trainable }));
    } else {
      variable.assign(value);
    }
  }

  /** The random numbers of a node. */
  generator(node: object, seed: number): SeedGenerator {
    let generator = this.generators.get(node);
    if (generator === undefined) {
      generator = new SeedGenerator(seed);
      this.generators.set(node, generator);
    }
    return generator;
  }

  buildOptimizer(optimizer: TrainingRule, variables: readonly Variable[]): void {
    optimizer.build(variables);
    this.optimizers.add(optimizer);
  }

  /** Forgets what optimizers have kept. */
  resetOptimizers(): void {
    if (this.optimizers.size === 0) return;
    this.onReset();
    for (const optimizer of this.optimizers) optimizer.dispose();
    this.optimizers.clear();
  }

  dispose(): void {
    this.resetOptimizers();
    for (const variable of this.variables.values()) variable.dispose();
    for (const generator of this.generators.values()) generator.dispose();
    this.variables.clear();
    this.generators.clear();
  }
}
