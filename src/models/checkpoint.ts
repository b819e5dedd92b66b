import { isDeepStrictEqual } from 'node:util';
import type { Callback, ResumableTraining } from '../callbacks/callback.js';
import { CnnError } from '../errors.js';
import { anyObject, checkKind, count, type JsonKind, listOf, nullable, object, text } from '../json-kind.js';
import { serialize } from '../registry.js';
import { HostArray } from '../runtime/host-array.js';
import { randomSeedPlace, setRandomSeed } from '../runtime/random.js';
import type { Variable } from '../runtime/variable.js';
import { readCheckpoint, writeCheckpoint } from '../saving/checkpoint.js';
import type { CheckpointModel } from '../saving/checkpoint-model.js';
import { requireFiniteWeights } from './finite.js';
import type { FitOptions } from './fit.js';
import type { Model } from './model.js';
import type { TrainingData } from './training-data.js';
import { type TrainingState, trainingState } from './training-state.js';

/** What a checkpoint keeps beside the variables. */
interface SavedState {
  /** What has to be the same for the training to be the same. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** So that the model can be had without the training. */
  readonly model: CheckpointModel;
  readonly training: TrainingState;
  readonly callbacks: readonly CallbackState[];
  /** Of `setRandomSeed`; null where seeds are random. */
  readonly randomSeedPlace: number | null;
}

interface CallbackState {
  readonly className: string;
  readonly state: Record<string, unknown>;
}

/** Without the model, which going on does not need. */
const savedState: JsonKind<Omit<SavedState, 'model'>> = object({
  settings: anyObject,
  training: trainingState,
  callbacks: listOf(object<CallbackState>({ className: text, state: anyObject })),
  randomSeedPlace: nullable(count),
});

/** Saves and restores a training: the link between a model that learns and a checkpoint file. */
export class TrainingCheckpoint implements ResumableTraining {
  private readonly model: Model;
  private readonly callbacks: readonly Callback[];
  private readonly state: TrainingState;
  private readonly settings: SavedState['settings'];

  /** To be made before training begins: the settings are those of now. */
  constructor(model: Model, data: TrainingData, options: FitOptions, state: TrainingState) {
    this.model = model;
    this.callbacks = options.callbacks ?? [];
    this.state = state;
    this.settings = settingsOf(model, data, options);
  }

  async save(file: string): Promise<void> {
    requireFiniteWeights(this.model, this.state);
    const state: SavedState = {
      settings: this.settings,
      model: describe(this.model),
      training: this.state,
      callbacks: this.callbackStates().map(({ className, state }) => ({ className, state })),
      randomSeedPlace: randomSeedPlace() ?? null,
    };
    const tensors = new Map([...this.variables()].map(([name, variable]) => [name, copyOf(variable)]));
    await writeCheckpoint(file, { tensors, state: { ...state } });
  }

  async resume(file: string): Promise<void> {
    const { tensors, state } = await readCheckpoint(file);
    const saved = checkKind(`${file}: its state`, state, savedState);
    requireSameSettings(file, saved.settings, this.settings);
    const states = this.callbackStates();
    const classNames = (list: readonly CallbackState[]) => list.map(({ className }) => className).join(', ');
    if (classNames(saved.callbacks) !== classNames(states)) {
      throw mismatch(file, 'callbacks', classNames(saved.callbacks), classNames(states));
    }
    const values = matchVariables(file, this.variables(), tensors);
    for (const [i, { callback }] of states.entries()) callback.setState(saved.callbacks[i]!.state);
    if (saved.randomSeedPlace !== null) setRandomSeed(saved.randomSeedPlace);
    for (const [variable, value] of values) {
      const tensor = value.toTensor();
      variable.assign(tensor);
      tensor.dispose();
    }
    Object.assign(this.state, saved.training);
  }

  /** All variables that training changes, by their names in the file. */
  private variables(): ReadonlyMap<string, Variable> {
    const { model } = this;
    const groups = {
      weights: model.weights,
      optimizer: model.optimizer.variables,
      random: model.layers.flatMap((layer) => layer.stateVariables),
      results: model.compiled.variables,
    };
    return new Map(
      Object.entries(groups).flatMap(([group, variables]) =>
        variables.map((variable, i) => [`${group}/${i}`, variable] as const),
      ),
    );
  }

  /** Those callbacks that have something to keep. */
  private callbackStates(): (CallbackState & { readonly callback: Callback })[] {
    return this.callbacks
      .map((callback) => ({
        callback,
        className: callback.constructor.name,
        state: callback.getState(),
      }))
      .filter(({ state }) => Object.keys(state).length > 0);
  }
}

function describe({ name, inputShape, layers }: Model): CheckpointModel {
  return {
    name,
    inputShape: inputShape!,
    layers: layers.map((layer) => ({ ...serialize(layer), weights: layer.weights.length })),
  };
}

/** In plain JSON, as it comes back from a file. */
function settingsOf(model: Model, data: TrainingData, options: FitOptions): SavedState['settings'] {
  const { optimizer, loss, resultNames } = model.compiled;
  const settings = {
    layers: model.layers.map(serialize),
    optimizer: serialize(optimizer),
    loss: { className: loss.className, config: loss.getConfig() },
    results: resultNames,
    precision: model.precision,
    batchSize: options.batchSize ?? 32,
    shuffle: options.shuffle ?? true,
    seed: options.seed ?? null,
    validationFreq: options.validationFreq ?? 1,
    data: data.fingerprint(),
  };
  return JSON.parse(JSON.stringify(settings));
}

function requireSameSettings(
  file: string,
  saved: SavedState['settings'],
  current: SavedState['settings'],
): void {
  for (const [name, value] of Object.entries(current)) {
    if (isDeepStrictEqual(saved[name], value)) continue;
    if (name === 'data') {
      throw new CnnError('CHECKPOINT_MISMATCH', `${file} is from a training on other data`, {
        file,
        setting: name,
        hint: 'The data has changed since: train anew, or bring back the data as it was.',
      });
    }
    throw mismatch(file, name, JSON.stringify(saved[name]), JSON.stringify(value));
  }
}

/** Each variable with its value. @throws CnnError CHECKPOINT_MISMATCH unless all are there and fit */
function matchVariables(
  file: string,
  variables: ReadonlyMap<string, Variable>,
  tensors: ReadonlyMap<string, HostArray>,
): [Variable, HostArray][] {
  const extra = [...tensors.keys()].find((name) => !variables.has(name));
  if (extra !== undefined) throw mismatch(file, extra, 'a variable', 'none');
  return [...variables].map(([name, variable]) => {
    const value = tensors.get(name);
    const form = (v: { shape: readonly number[] } | undefined) => (v ? `[${v.shape}]` : 'none');
    const isSameType = value?.data instanceof Int32Array === (variable.dtype === 'int32');
    if (value === undefined || !isSameType || form(value) !== form(variable)) {
      throw mismatch(file, `${name} ("${variable.name}")`, form(value), form(variable));
    }
    return [variable, value];
  });
}

function mismatch(file: string, setting: string, expected: string, received: string): CnnError {
  return new CnnError('CHECKPOINT_MISMATCH', `${file} is from a training with another ${setting}`, {
    file,
    setting,
    expected,
    received,
    hint: 'Go on with the program as it was, or train anew.',
  });
}

function copyOf(variable: Variable): HostArray {
  const tensor = variable.read();
  try {
    return HostArray.fromSync(tensor);
  } finally {
    tensor.dispose();
  }
}
