/** What of the runtime is public. */
export {
  type DeviceChoice,
  type DeviceOptions,
  type MemoryInfo,
  memory,
  type RuntimeInfo,
  ready,
  runtimeInfo,
  setDevice,
} from './backend.js';
export { HostArray, type Nested } from './host-array.js';
export { type JitFunction, type JitOptions, jit, type TraceDescription } from './jit.js';
export { SeedGenerator, setRandomSeed } from './random.js';
export { type SetupOptions, setup } from './setup.js';
export { Variable } from './variable.js';
