// What TensorFlow's own loaders make of an exported model: its C API, which knows nothing of this package.
import koffi from 'koffi';
import { runtimeInfo } from '../../src/runtime/backend.js';
import { checkStatus, DType, type Pointer } from '../../src/runtime/capi.js';
import { native } from '../../src/runtime/native.js';

/** A graph in a session of TensorFlow. */
export interface LoadedGraph {
  /** Runs `inputs` to `output_0`, both float32. */
  run(shape: readonly number[], values: Float32Array): Float32Array;
  close(): void;
}

function api() {
  const library = koffi.load(runtimeInfo().libraryPath!);
  const { c, status } = native()!.binding.context;
  const check = (what: string) => checkStatus(c, status, what);
  const f = (signature: string) => library.func(signature);
  return {
    c,
    status,
    check,
    newOptions: f('void* TF_NewSessionOptions()'),
    deleteOptions: f('void TF_DeleteSessionOptions(void*)'),
    newSession: f('void* TF_NewSession(void*, void*, void*)'),
    load: f(
      'void* TF_LoadSessionFromSavedModel(void*, void*, const char*, const char**, int, void*, void*, void*)',
    ),
    importGraph: f('void TF_GraphImportGraphDef(void*, void*, void*, void*)'),
    newImport: f('void* TF_NewImportGraphDefOptions()'),
    deleteImport: f('void TF_DeleteImportGraphDefOptions(void*)'),
    operation: f('void* TF_GraphOperationByName(void*, const char*)'),
    run: f(
      'void TF_SessionRun(void*, void*, const TF_Output*, const void**, int, const TF_Output*, void**, int, void*, int, void*, void*)',
    ),
    close: f('void TF_CloseSession(void*, void*)'),
    deleteSession: f('void TF_DeleteSession(void*, void*)'),
  };
}

let functions: ReturnType<typeof api> | undefined;

/** Loads the folder of a SavedModel. */
export function loadSavedModel(folder: string): LoadedGraph {
  functions ??= api();
  const { c, status, check } = functions;
  const graph = c.newGraph();
  const options = functions.newOptions();
  const session = functions.load(options, null, folder, ['serve'], 1, graph, null, status);
  functions.deleteOptions(options);
  check('load the SavedModel');
  return opened(functions, graph, session);
}

/** Loads a GraphDef. */
export function loadGraphDef(bytes: Uint8Array): LoadedGraph {
  functions ??= api();
  const { c, status, check } = functions;
  const graph = c.newGraph();
  const buffer = c.newBufferFromString(bytes, bytes.length);
  const importing = functions.newImport();
  functions.importGraph(graph, buffer, importing, status);
  functions.deleteImport(importing);
  c.deleteBuffer(buffer);
  check('import the graph');
  const options = functions.newOptions();
  const session = functions.newSession(graph, options, status);
  functions.deleteOptions(options);
  check('make a session');
  return opened(functions, graph, session);
}

function opened(library: ReturnType<typeof api>, graph: Pointer, session: Pointer): LoadedGraph {
  const { c, status, check } = library;
  const endOf = (name: string) => ({ oper: library.operation(graph, name) as Pointer, index: 0 });
  return {
    run(shape, values) {
      const dims = BigInt64Array.from(shape, BigInt);
      const x = c.allocateTensor(DType.float32, dims, dims.length, values.byteLength)!;
      c.memcpyIn(c.tensorData(x), values, values.byteLength);
      const outputs = new BigUint64Array(1);
      library.run(
        session,
        null,
        [endOf('inputs')],
        BigUint64Array.of(x),
        1,
        [endOf('output_0')],
        outputs,
        1,
        null,
        0,
        null,
        status,
      );
      c.deleteTensor(x);
      check('run the graph');
      const y = outputs[0]!;
      const result = new Float32Array(c.tensorBytes(y) / 4);
      c.memcpyOut(result, c.tensorData(y), result.byteLength);
      c.deleteTensor(y);
      return result;
    },
    close() {
      library.close(session, status);
      library.deleteSession(session, status);
      c.deleteGraph(graph);
    },
  };
}
