import koffi, { type LibraryHandle } from 'koffi';

/**
 * The functions of TensorFlow's profiler. Its C API has none, so these are C++ functions by the names that compilers on
 * Linux and macOS give them (Itanium C++ ABI), which the shared library exports. Objects are made by their constructors
 * in memory of ours.
 */
export interface ProfilerApi {
  newOptions(at: Uint8Array, arena: null): void;
  parse(message: Uint8Array, bytes: Uint8Array, length: number): boolean;
  newSession(at: Uint8Array, options: Uint8Array): void;
  deleteSession(session: Uint8Array): void;
  /** Of the status returned, the first word is 1 for success. */
  collect(session: Uint8Array, space: Uint8Array): { readonly word: number | bigint };
  newSpace(at: Uint8Array, arena: null): void;
  deleteSpace(space: Uint8Array): void;
  byteSize(space: Uint8Array): number | bigint;
  serialize(space: Uint8Array, to: Uint8Array, length: number): boolean;
  clock(id: number, time: BigInt64Array): number;
}

/** @throws where the library has no such functions */
export function declareProfiler(library: LibraryHandle): ProfilerApi {
  // As large as a result that is returned in memory, which objects of C++ classes are.
  const status = koffi.struct({ word: 'int64_t', rest: koffi.array('int64_t', 3) });
  return {
    newOptions: library.func('_ZN10tensorflow14ProfileOptionsC1EPN6google8protobuf5ArenaE', 'void', [
      'void*',
      'void*',
    ]),
    parse: library.func('_ZN6google8protobuf11MessageLite14ParseFromArrayEPKvi', 'bool', [
      'void*',
      'const void*',
      'int',
    ]),
    newSession: library.func('_ZN3tsl15ProfilerSessionC1ERKN10tensorflow14ProfileOptionsE', 'void', [
      'void*',
      'void*',
    ]),
    deleteSession: library.func('_ZN3tsl15ProfilerSessionD1Ev', 'void', ['void*']),
    collect: library.func('_ZN3tsl15ProfilerSession11CollectDataEPN10tensorflow8profiler6XSpaceE', status, [
      'void*',
      'void*',
    ]),
    newSpace: library.func('_ZN10tensorflow8profiler6XSpaceC1EPN6google8protobuf5ArenaE', 'void', [
      'void*',
      'void*',
    ]),
    deleteSpace: library.func('_ZN10tensorflow8profiler6XSpaceD1Ev', 'void', ['void*']),
    byteSize: library.func('_ZNK10tensorflow8profiler6XSpace12ByteSizeLongEv', 'size_t', ['void*']),
    serialize: library.func('_ZNK6google8protobuf11MessageLite16SerializeToArrayEPvi', 'bool', [
      'void*',
      'void*',
      'int',
    ]),
    clock: koffi.load(null).func('int clock_gettime(int, _Out_ int64_t*)'),
  };
}
