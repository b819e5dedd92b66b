// Runs in a process of its own, started by probe.ts, so that a library that aborts takes nobody with it.
// Reports each step on standard output, one JSON value a line: the parent then knows where it ended.
import { DType, openLibrary } from './capi.js';
import { NativeContext } from './context.js';
import type { Library } from './library.js';
import type { ProbeReport } from './probe.js';

function report(line: ProbeReport): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function probe(library: Library): void {
  report({ step: 'load' });
  const c = openLibrary(library.cc, library.preload);

  report({ step: 'context' });
  const context = new NativeContext(c);
  const { devices, status } = context;

  report({ step: 'op' });
  const tensor = c.allocateTensor(DType.float32, BigInt64Array.of(2n, 2n), 2, 16)!;
  c.memcpyIn(c.tensorData(tensor), Float32Array.of(1, 2, 3, 4), 16);
  const matrix = c.newHandle(tensor, status);
  context.check('make a tensor');
  const [output] = context.execute('MatMul', [matrix, matrix], () => {}, 1);
  const result = c.resolveHandle(output!, status);
  context.check('read a tensor');
  const product = new Float32Array(4);
  c.memcpyOut(product, c.tensorData(result), 16);
  if (product.join() !== '7,10,15,22') throw new Error(`MatMul gave ${product.join()}, not 7,10,15,22`);
  report({ step: 'done', version: c.version(), devices });
  // The native handles go with the process.
}

try {
  probe(JSON.parse(process.argv[2]!) as Library);
} catch (error) {
  report({ step: 'failed', reason: (error as Error).message });
}
