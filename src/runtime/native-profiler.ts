import { CnnError } from '../errors.js';
import { native } from './native.js';
import type { ProfilerApi } from './profiler-api.js';
import { type NativeThread, readThreads } from './xspace.js';

/** More than any of the objects takes: they are a few hundred bytes. */
const OBJECT_BYTES = 4096;
/** TensorFlow's word for success. */
const OK = 1;
/** ProfileOptions: include_dataset_ops 1, host_tracer_level 2 (3: every op), version 5, device_type 6. */
const OPTIONS = Uint8Array.of(0x08, 1, 0x10, 3, 0x28, 1, 0x30, 0);

/** What TensorFlow's threads did, on the clock of `performance.now()`, in milliseconds. */
export interface Recording {
  readonly start: number;
  readonly end: number;
  readonly threads: readonly NativeThread[];
}

/** A recording under way. */
export interface Recorder {
  /** Ends it and gives what was recorded; reading it takes a tenth of a second or more. */
  stop(): Recording;
}

let isRecording = false;

/**
 * Begins to record what TensorFlow's threads do: every op, with its time. Ops take a few microseconds longer meanwhile.
 *
 * @throws CnnError UNSUPPORTED on other backends, where the library exports no profiler, and during another recording
 */
export function recordThreads(): Recorder {
  const api = profilerApi();
  if (isRecording) throw unsupported('another training is being profiled in this process', 'Wait for it.');
  const [options, session, space] = [0, 1, 2].map(() => new Uint8Array(OBJECT_BYTES)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  api.newOptions(options, null);
  if (!api.parse(options, OPTIONS, OPTIONS.length)) throw unsupported('its profiler takes other options');
  api.newSession(session, options);
  isRecording = true;
  const start = performance.now();
  return {
    stop() {
      const end = performance.now();
      const toPerformanceClock = wallClock(api) - performance.now();
      api.newSpace(space, null);
      try {
        if (Number(api.collect(session, space).word) !== OK) {
          throw unsupported('its profiler gave nothing: another one may be running');
        }
        const bytes = new Uint8Array(Number(api.byteSize(space)));
        api.serialize(space, bytes, bytes.length);
        return { start, end, threads: readThreads(bytes, toPerformanceClock) };
      } finally {
        api.deleteSpace(space);
        api.deleteSession(session);
        isRecording = false;
      }
    },
  };
}

/** @throws CnnError UNSUPPORTED where training cannot be profiled */
export function requireProfiler(): void {
  profilerApi();
}

function profilerApi(): ProfilerApi {
  const runtime = native();
  if (runtime === undefined) {
    throw unsupported('another backend computes', 'Profile on libtensorflow: run "cnn setup" to get it.');
  }
  try {
    return runtime.binding.context.c.profiler();
  } catch (cause) {
    throw unsupported('it exports no profiler', 'Run "cnn setup" to get a TensorFlow that does.', cause);
  }
}

function unsupported(reason: string, hint?: string, cause?: unknown): CnnError {
  return new CnnError('UNSUPPORTED', `TensorFlow cannot be profiled here: ${reason}`, { hint, cause });
}

/** Milliseconds since 1970. */
function wallClock(api: ProfilerApi): number {
  const time = new BigInt64Array(2);
  api.clock(0, time);
  return Number(time[0]) * 1e3 + Number(time[1]) / 1e6;
}
