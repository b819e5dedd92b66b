import { type CApi, checkStatus, type Pointer } from './capi.js';
import type { Threads } from './threads.js';

/** How TensorFlow is to run; fixed when the context is made. */
export interface ContextOptions extends Threads {
  /** Hide every GPU from TensorFlow. */
  readonly cpuOnly?: boolean;
}

/** A device as TensorFlow names it: `/job:localhost/replica:0/task:0/device:GPU:0`. */
export interface Device {
  readonly name: string;
  readonly type: string;
}

/** TensorFlow's eager context, with the status object that all synchronous calls share. */
export class NativeContext {
  readonly c: CApi;
  readonly pointer: Pointer;
  readonly status: Pointer;
  readonly devices: readonly Device[];
  readonly threads: Threads;
  /** Where `execute` receives handles and their number: memory for native code is slow to make anew. */
  private outputs = new BigUint64Array(64);
  private readonly count = new Int32Array(1);

  constructor(c: CApi, options: ContextOptions = {}) {
    this.c = c;
    this.threads = options;
    this.status = c.newStatus();
    const contextOptions = c.newContextOptions();
    const config = configProto(options);
    c.setConfig(contextOptions, config, config.length, this.status);
    this.check('configure TensorFlow');
    this.pointer = c.newContext(contextOptions, this.status);
    c.deleteContextOptions(contextOptions);
    checkStatus(c, this.status, 'start TensorFlow', 'LIBRARY_UNUSABLE');
    this.devices = this.listDevices();
  }

  get hasGpu(): boolean {
    return this.devices.some((device) => device.type === 'GPU');
  }

  /** Throws when the last call on the shared status failed. */
  check(what: string): void {
    checkStatus(this.c, this.status, what);
  }

  /**
   * Runs one op now.
   *
   * @param configure sets the op's attributes; called after the inputs, from which TensorFlow infers types
   * @param outputCount the most outputs it can have
   * @returns handles that the caller owns
   */
  execute(
    name: string,
    inputs: readonly Pointer[],
    configure: (op: Pointer) => void,
    outputCount: number,
  ): Pointer[] {
    const { c, status, count } = this;
    const op = this.newOp(name, inputs, configure);
    if (this.outputs.length < outputCount) this.outputs = new BigUint64Array(outputCount);
    count[0] = outputCount;
    c.execute(op, this.outputs, count, status);
    c.deleteOp(op);
    this.check(name);
    return firstOf(this.outputs, count[0]);
  }

  /** As `execute`, on another thread. One that fails rejects with the same error. */
  async executeAsync(
    name: string,
    inputs: readonly Pointer[],
    configure: (op: Pointer) => void,
    outputCount: number,
  ): Promise<Pointer[]> {
    const { c } = this;
    const op = this.newOp(name, inputs, configure);
    const status = c.newStatus();
    const outputs = new BigUint64Array(outputCount);
    const count = Int32Array.of(outputCount);
    try {
      await new Promise<void>((resolve, reject) => {
        c.execute.async(op, outputs, count, status, (error) => (error === null ? resolve() : reject(error)));
      });
      checkStatus(c, status, name);
    } finally {
      c.deleteOp(op);
      c.deleteStatus(status);
    }
    return firstOf(outputs, count[0]!);
  }

  private newOp(name: string, inputs: readonly Pointer[], configure: (op: Pointer) => void): Pointer {
    const { c, status } = this;
    const op = c.newOp(this.pointer, name, status);
    this.check(name);
    try {
      // An input that is refused is missing when the op runs, which says so: no check of each.
      for (const input of inputs) c.opAddInput(op, input, status);
      configure(op);
      return op;
    } catch (error) {
      c.deleteOp(op);
      throw error;
    }
  }

  private listDevices(): Device[] {
    const { c, status } = this;
    const list = c.listDevices(this.pointer, status);
    this.check('list devices');
    const devices = Array.from({ length: c.deviceCount(list) }, (_, i) => ({
      name: c.deviceName(list, i, status),
      type: c.deviceType(list, i, status),
    }));
    c.deleteDeviceList(list);
    return devices;
  }
}

/** As a plain array; a loop, since slicing and copying a typed array takes longer than a small op. */
function firstOf(pointers: BigUint64Array, count: number): Pointer[] {
  const first: Pointer[] = [];
  for (let i = 0; i < count; i++) first.push(pointers[i]!);
  return first;
}

/** The options as TensorFlow's ConfigProto message. */
function configProto(options: ContextOptions): Uint8Array {
  const bytes: number[] = [];
  // device_count = 1, a map entry { key = 1: "GPU", value = 2: 0 }
  if (options.cpuOnly) bytes.push(0x0a, 7, 0x0a, 3, ...Buffer.from('GPU'), 0x10, 0);
  // intra_op_parallelism_threads = 2, inter_op_parallelism_threads = 5
  if (options.intraOpThreads !== undefined) bytes.push(0x10, ...varint(options.intraOpThreads));
  if (options.interOpThreads !== undefined) bytes.push(0x28, ...varint(options.interOpThreads));
  // gpu_options = 6 { allow_growth = 4: true }
  bytes.push(0x32, 2, 0x20, 1);
  // allow_soft_placement = 7, as in Python: an operation that a GPU lacks runs on the CPU
  bytes.push(0x38, 1);
  return Uint8Array.from(bytes);
}

/** A whole number from 0 to 2^31 - 1 as protocol buffers write it: seven bits a byte, lowest first. */
function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
