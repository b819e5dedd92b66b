import os from 'node:os';
import { Callback, type Pause, type TrainingControl } from '../callbacks/callback.js';
import { replaceFile } from '../replace-file.js';
import { memory } from '../runtime/backend.js';
import { type Recorder, type Recording, recordThreads, requireProfiler } from '../runtime/native-profiler.js';
import { collectSpans } from '../runtime/spans.js';
import { chromeTrace } from './chrome-trace.js';
import { type Profile, profileOf } from './profile.js';
import { profileText } from './text.js';

/** How to profile a training. */
export interface ProfileOptions {
  /** Steps to profile, once training is warm; 1 or more. Default: 50. */
  steps?: number;
  /** Where the trace goes, or a function that says so when it is written. Default: `trace.json`. */
  path?: string | (() => string);
  /** Is told what was found, after the epoch. Default: prints it to standard error. */
  onProfile?: (profile: Profile) => void;
}

/** Calls of TensorFlow that warm it up; of a short training a third of its steps is enough. */
const WARM_CALLS = 12;

/** Profiles some steps of a training, once it is warm and nothing new is compiled. */
export class Profiler extends Callback {
  private readonly steps: number;
  private readonly path: () => string;
  private readonly onProfile: (profile: Profile) => void;
  private readonly layers: readonly string[];
  private stepsPerEpoch = 0;
  private stepsInAll = 0;
  private calls = 0;
  private functions = 0;
  /** Milliseconds of a step, of each call since something new was compiled. */
  private readonly before: number[] = [];
  private lastPause = { at: performance.now(), step: 0 };
  private running: Running | undefined;
  private profile: Profile | undefined;
  private isDone = false;

  /**
   * @param layers the model's, in their order
   * @throws CnnError UNSUPPORTED where training cannot be profiled
   */
  constructor(options: ProfileOptions, layers: readonly { readonly name: string }[]) {
    super();
    requireProfiler();
    const { steps = 50, path = 'trace.json', onProfile = print } = options;
    this.steps = steps;
    this.path = typeof path === 'string' ? () => path : path;
    this.onProfile = onProfile;
    this.layers = layers.map(({ name }) => name);
  }

  override onTrainBegin({ epochs, stepsPerEpoch }: TrainingControl): void {
    this.stepsPerEpoch = stepsPerEpoch;
    this.stepsInAll = epochs * stepsPerEpoch;
  }

  override async onPause({ epoch, step }: Pause): Promise<void> {
    if (this.isDone) return;
    const left = this.stepsPerEpoch - step;
    const done = epoch * this.stepsPerEpoch + step;
    if (this.running !== undefined) {
      this.running.calls++;
      // What comes after an epoch's last step is validation, which is no part of a step.
      if (left === 0 || done - this.running.firstStep >= this.steps) await this.finish(done);
      return;
    }
    if (step > 0) this.noteCall(done);
    this.lastPause = { at: performance.now(), step: done };
    const isWarm = this.calls >= WARM_CALLS || done >= this.stepsInAll / 3;
    const fits = left >= Math.min(this.steps, this.stepsPerEpoch / 3);
    if (isWarm && fits && this.before.length > 0) this.begin(done);
  }

  override onEpochEnd(): void {
    this.tell();
  }

  /** Training is over, or has failed: ends a recording under way. */
  dispose(): void {
    this.running?.spans.stop();
    this.running?.recorder.stop();
    this.running = undefined;
    this.tell();
    if (!this.isDone) process.stderr.write('nothing was profiled: training ended before it was warm\n');
  }

  private noteCall(done: number): void {
    this.calls++;
    const { functions } = memory();
    if (functions !== this.functions) this.before.length = 0;
    else {
      const { at, step } = this.lastPause;
      this.before.push((performance.now() - at) / (done - step));
    }
    this.functions = functions;
  }

  private begin(done: number): void {
    const sorted = this.before.toSorted((a, b) => a - b);
    this.running = {
      firstStep: done,
      calls: 0,
      timeBefore: sorted[sorted.length >> 1]!,
      processorTime: process.cpuUsage(),
      spans: collectSpans(),
      recorder: recordThreads(),
    };
  }

  private async finish(done: number): Promise<void> {
    const { recorder, spans, processorTime, firstStep, calls, timeBefore } = this.running!;
    const { user, system } = process.cpuUsage(processorTime);
    this.running = undefined;
    this.isDone = true;
    const collected = spans.stop();
    const recording = recorder.stop();
    const traceFile = this.path();
    await replaceFile(traceFile, encoded(recording, collected));
    this.profile = profileOf({
      recording,
      spans: collected,
      steps: done - firstStep,
      calls,
      timeBefore,
      processorTime: (user + system) / 1000,
      cores: os.availableParallelism(),
      layers: this.layers,
      traceFile,
    });
  }

  /** Later than it was found: no progress line is open now. */
  private tell(): void {
    const { profile } = this;
    this.profile = undefined;
    if (profile !== undefined) this.onProfile(profile);
  }
}

interface Running {
  readonly firstStep: number;
  calls: number;
  readonly timeBefore: number;
  readonly processorTime: NodeJS.CpuUsage;
  readonly spans: ReturnType<typeof collectSpans>;
  readonly recorder: Recorder;
}

function* encoded(recording: Recording, spans: Parameters<typeof chromeTrace>[1]): Generator<Uint8Array> {
  for (const piece of chromeTrace(recording, spans)) yield Buffer.from(piece);
}

function print(profile: Profile): void {
  process.stderr.write(`${profileText(profile).join('\n')}\n`);
}
