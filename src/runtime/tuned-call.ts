import type { DirectCall } from './direct-call.js';

/** After so many calls XLA compiles the function; who calls it less often does not wait for that. */
const PATIENCE = 20;
/** Calls, each way in turn, by which TensorFlow's kernels and XLA's are compared. */
const MEASURED = 40;

/**
 * A direct call that becomes faster as it goes on: what is called often is compiled by XLA, on another thread, and run
 * both ways a few times. The faster way stays. On GPUs TensorFlow's kernels stay.
 */
export class TunedCall {
  private readonly call: DirectCall;
  private calls = 0;
  /** Milliseconds of the fastest call of each kind. */
  private readonly fastest = { plain: Number.POSITIVE_INFINITY, xla: Number.POSITIVE_INFINITY };
  private state: 'plain' | 'compiling' | 'comparing' | 'settled';
  private isDisposed = false;

  constructor(call: DirectCall) {
    this.call = call;
    this.state = call.canUseXla ? 'plain' : 'settled';
  }

  /** As {@link DirectCall.run}. */
  run(values: Float32Array): Float32Array {
    if (this.state === 'comparing') return this.compare(values);
    if (this.state === 'plain' && ++this.calls === PATIENCE) void this.compile();
    return this.call.run(values);
  }

  dispose(): void {
    this.isDisposed = true;
    if (this.state !== 'compiling') this.call.dispose();
  }

  private compare(values: Float32Array): Float32Array {
    const { call, fastest } = this;
    const kind = this.calls++ % 2 === 0 ? 'xla' : 'plain';
    call.usesXla = kind === 'xla';
    const began = performance.now();
    const result = call.run(values);
    fastest[kind] = Math.min(fastest[kind], performance.now() - began);
    if (this.calls === MEASURED) {
      this.state = 'settled';
      call.usesXla = fastest.xla < fastest.plain;
    }
    return result;
  }

  private async compile(): Promise<void> {
    this.state = 'compiling';
    this.calls = 0;
    try {
      await this.call.compile();
      this.state = 'comparing';
    } catch {
      // XLA does not know all operations, nor all machines; then TensorFlow's kernels stay.
      this.state = 'settled';
    }
    if (this.isDisposed) this.call.dispose();
  }
}
