import { CnnError } from '../errors.js';
import { shortestFloat32 } from '../float32.js';
import { type Serialized, serialize } from '../registry.js';
import { Variable } from '../runtime/variable.js';
import * as tf from '../tf.js';
import { type Clipping, type ClippingOptions, clippingOf, type VariableGradient } from './clipping.js';
import { getSchedule } from './schedules/get.js';
import type { LearningRateSchedule } from './schedules/learning-rate-schedule.js';

/** What every optimizer takes. */
export interface OptimizerOptions extends ClippingOptions {
  /** Size of a step, 0 or more, or a schedule that gives it at each update. */
  learningRate?: number | LearningRateSchedule | Serialized;
  /**
   * Decoupled weight decay: before each update, variables lose learningRate · weightDecay of themselves
   * (Loshchilov & Hutter, arXiv 1711.05101). Default: none.
   */
  weightDecay?: number;
  /** Variables whose name contains one of these words do not decay: `['bias', 'gamma', 'beta']`. Default: none. */
  excludeFromWeightDecay?: readonly string[];
  /** Its name in messages and files. Default: the class's name. */
  name?: string;
}

export type { VariableGradient };

/** One variable's part in an update. */
export interface VariableUpdate<Slot extends string> {
  /** What to change: a variable, or one of its parts, elementwise as the whole. */
  readonly variable: Variable;
  /** Of the loss, by this variable, after clipping. */
  readonly gradient: tf.Tensor;
  /** What the optimizer keeps for this variable. */
  readonly slots: Readonly<Record<Slot, Variable>>;
}

/** What exists once the optimizer knows its variables. */
interface Built<Slot extends string> {
  readonly targets: readonly Variable[];
  readonly iterations: Variable;
  /** Undefined where a schedule gives the rate. */
  readonly rate: Variable | undefined;
  readonly slots: readonly Readonly<Record<Slot, Variable>>[];
  /** In Keras's order. */
  readonly state: readonly Variable[];
  readonly scratch: readonly Variable[];
}

/**
 * Changes variables, step by step, so that a loss falls. A concrete optimizer says what it keeps for each variable
 * (`slotGroups`) and how variables change (`update`); counting, learning rates, clipping and weight decay are here.
 *
 * The state lives in variables and is in Keras's order: number of updates, learning rate (where no schedule gives
 * it), slots. Whatever depends on the number of updates is computed from it, so that training resumed from saved
 * state goes on bit for bit as if it had never stopped.
 */
export abstract class Optimizer<Slot extends string = string> {
  /** Its name in messages and files. */
  readonly name: string;
  private readonly options: OptimizerOptions;
  private readonly schedule: LearningRateSchedule | undefined;
  private readonly clip: Clipping;
  /** The constant rate, while no variable holds it. */
  private unbuiltRate: number;
  private built: Built<Slot> | undefined;

  constructor(options: OptimizerOptions, defaultLearningRate: number) {
    const { learningRate = defaultLearningRate, weightDecay } = options;
    this.options = options;
    this.name = options.name ?? this.className.toLowerCase();
    this.schedule = typeof learningRate === 'number' ? undefined : getSchedule(learningRate);
    this.unbuiltRate = typeof learningRate === 'number' ? learningRate : 0;
    this.checkNumber('learningRate', this.unbuiltRate);
    if (weightDecay != null) this.checkNumber('weightDecay', weightDecay);
    this.clip = clippingOf(this.className, options);
  }

  /** The class's name in saved models. */
  get className(): string {
    return (this.constructor as unknown as { className: string }).className;
  }

  /**
   * Names of what is kept for each variable. State is in the order of the groups; within a group, all slots of the
   * first variable come first.
   */
  protected abstract slotGroups(): readonly (readonly Slot[])[];

  /** Slots that fused updates write without their content meaning anything. They are no part of the state. */
  protected scratchSlots(): readonly Slot[] {
    return [];
  }

  /** The number with which a slot starts. */
  protected initialValueOf(_slot: Slot): number {
    return 0;
  }

  /** State beside the slots, at the end of all. */
  protected createExtraState(): readonly Variable[] {
    return [];
  }

  /**
   * Changes the variables and the slots. Gradients are clipped and weights have decayed. Runs in tf.tidy, traced or
   * not.
   *
   * @param rate the learning rate, float32 scalar
   * @param step which update this is, from 1 on, float32 scalar
   */
  protected abstract update(updates: readonly VariableUpdate<Slot>[], rate: tf.Tensor, step: tf.Tensor): void;

  /** The options from which an equal optimizer can be made: plain JSON, the class's own first. */
  getConfig(): Record<string, unknown> {
    const { weightDecay, excludeFromWeightDecay, clipnorm, clipvalue, globalClipnorm } = this.options;
    const learningRate = this.schedule === undefined ? this.learningRate : serialize(this.schedule);
    const given = { weightDecay, excludeFromWeightDecay, clipnorm, clipvalue, globalClipnorm };
    return {
      name: this.name,
      learningRate,
      ...Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)),
    };
  }

  /** Whether its state for the variables exists. */
  get isBuilt(): boolean {
    return this.built !== undefined;
  }

  /** Number of updates so far: int32 scalar. @throws CnnError NOT_BUILT */
  get iterations(): Variable {
    return this.requireBuilt().iterations;
  }

  /** All state, in Keras's order. @throws CnnError NOT_BUILT */
  get variables(): readonly Variable[] {
    return this.requireBuilt().state;
  }

  /**
   * The rate at the next update. Setting it replaces a constant rate; compiled steps take the new one.
   *
   * @throws CnnError INVALID_ARGUMENT when set to something that is not a number of 0 or more, or where a schedule
   *   gives the rate
   */
  get learningRate(): number {
    if (this.schedule === undefined && this.built === undefined) return this.unbuiltRate;
    return tf.tidy(() => {
      const step = this.built?.iterations.read() ?? tf.scalar(0, 'int32');
      const rate = this.schedule?.rateAt(step) ?? this.built!.rate!.read();
      return shortestFloat32(rate.dataSync()[0]!);
    });
  }

  /** Replaces a constant rate. */
  set learningRate(rate: number) {
    this.checkNumber('learningRate', rate);
    if (this.schedule !== undefined) {
      throw new CnnError('INVALID_ARGUMENT', `${this.className}: a schedule gives the learning rate`, {
        argument: 'learningRate',
        hint: 'Make the optimizer with a number to set the rate later.',
      });
    }
    this.unbuiltRate = rate;
    if (this.built?.rate !== undefined) assignScalar(this.built.rate, rate);
  }

  /**
   * Makes the state for these variables. Again for the same ones it does nothing.
   *
   * @throws CnnError INVALID_ARGUMENT for other variables than before
   */
  build(variables: readonly Variable[]): void {
    if (this.built === undefined) {
      tf.tidy(() => {
        this.built = this.createState([...variables]);
      });
      return;
    }
    const { targets } = this.built;
    if (targets.length === variables.length && targets.every((target, i) => target === variables[i])) return;
    throw new CnnError('INVALID_ARGUMENT', `${this.className} was built for other variables`, {
      expected: targets.map((target) => target.name).join(', '),
      received: variables.map((variable) => variable.name).join(', '),
      hint: 'Make a new optimizer.',
    });
  }

  /**
   * One update. Traced.
   *
   * @param gradients in the order of `build`'s variables; of a variable in parts, whole or one for each part
   * @throws CnnError NOT_BUILT, INVALID_ARGUMENT for another number of gradients
   */
  applyGradients(gradients: readonly (tf.Tensor | VariableGradient)[]): void {
    const { targets, iterations, rate: variableRate, slots } = this.requireBuilt();
    if (gradients.length !== targets.length) {
      throw new CnnError('INVALID_ARGUMENT', `${this.className} was given the wrong number of gradients`, {
        expected: `${targets.length}`,
        received: `${gradients.length}`,
      });
    }
    tf.tidy(() => {
      const done = iterations.read();
      const rate = this.schedule?.rateAt(done) ?? variableRate!.read();
      this.decay(targets, rate);
      const clipped = this.clip(gradients.map((gradient, i) => inParts(gradient, targets[i]!)));
      const updates = targets.flatMap(({ parts }, i) =>
        parts.map((variable, part) => ({
          variable,
          gradient: clipped[i]![part]!,
          slots: mapValues(slots[i]!, (slot) => slot.parts[part]!),
        })),
      );
      this.update(updates, rate, done.toFloat().add(1));
      iterations.assignAdd(tf.scalar(1, 'int32'));
    });
  }

  /** Releases the state. The optimizer can be built again, and starts anew. */
  dispose(): void {
    if (this.built === undefined) return;
    this.unbuiltRate = this.schedule === undefined ? this.learningRate : 0;
    for (const variable of [...this.built.state, ...this.built.scratch]) variable.dispose();
    this.built = undefined;
  }

  /** @throws CnnError INVALID_ARGUMENT unless the value is a finite number from 0 to `maximum` */
  protected checkNumber(argument: string, value: number, maximum = Number.MAX_VALUE): void {
    if (value >= 0 && value <= maximum) return;
    throw new CnnError('INVALID_ARGUMENT', `${this.className}: ${argument} is not valid`, {
      argument,
      expected: maximum === Number.MAX_VALUE ? 'a number of 0 or more' : `a number from 0 to ${maximum}`,
      received: String(value),
    });
  }

  private requireBuilt(): Built<Slot> {
    if (this.built !== undefined) return this.built;
    throw new CnnError('NOT_BUILT', `${this.className} has no variables yet`, {
      hint: 'Call build(variables) first.',
    });
  }

  private createState(targets: readonly Variable[]): Built<Slot> {
    const iterations = stateVariable('iteration', tf.scalar(0, 'int32'));
    const rate =
      this.schedule === undefined ? stateVariable('learning_rate', tf.scalar(this.unbuiltRate)) : undefined;
    const slots = targets.map(() => ({}) as Record<Slot, Variable>);
    const createSlots = (group: readonly Slot[]) =>
      targets.flatMap(({ name, path, shape, parts }, i) =>
        group.map((slot) => {
          const initial = tf.fill([...shape], this.initialValueOf(slot));
          const options = { path: `${path}_${slot}`, columnParts: parts.length };
          slots[i]![slot] = stateVariable(`${name}_${slot}`, initial, options);
          return slots[i]![slot];
        }),
      );
    const head = rate === undefined ? [iterations] : [iterations, rate];
    const state = [...head, ...this.slotGroups().flatMap(createSlots), ...this.createExtraState()];
    return { targets, iterations, rate, slots, state, scratch: createSlots(this.scratchSlots()) };
  }

  private decay(targets: readonly Variable[], rate: tf.Tensor): void {
    const { weightDecay, excludeFromWeightDecay = [] } = this.options;
    if (weightDecay == null) return;
    const fraction = rate.mul(weightDecay);
    for (const { name, parts } of targets) {
      if (excludeFromWeightDecay.some((word) => name.includes(word))) continue;
      for (const part of parts) part.assignSub(part.read().mul(fraction));
    }
  }
}

function assignScalar(variable: Variable, value: number): void {
  tf.tidy(() => variable.assign(tf.scalar(value)));
}

/** A gradient in the parts of its variable. */
function inParts(gradient: tf.Tensor | VariableGradient, { parts }: Variable): VariableGradient {
  if (!(gradient instanceof tf.Tensor)) return gradient;
  if (parts.length === 1) return [gradient];
  const widths = parts.map(({ shape }) => shape.at(-1)!);
  return tf.split(gradient, widths, -1);
}

function mapValues<K extends string, V, R>(
  record: Readonly<Record<K, V>>,
  map: (value: V) => R,
): Record<K, R> {
  return Object.fromEntries(Object.entries<V>(record).map(([key, value]) => [key, map(value)])) as Record<
    K,
    R
  >;
}

/** Makes a variable that only the optimizer changes. */
export function stateVariable(
  name: string,
  initial: tf.Tensor,
  { path = name, columnParts }: { path?: string; columnParts?: number | undefined } = {},
): Variable {
  return new Variable(initial, { name, path: `optimizer/${path}`, trainable: false, columnParts });
}
