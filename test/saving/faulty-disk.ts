import fs, { type PathLike } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Failing = (call: string, number: number) => string | undefined;

const calls = ['open', 'rename', 'rm', 'mkdir', 'unlink'] as const;
const handleCalls = ['writeFile', 'write', 'read', 'sync', 'close'] as const;

/**
 * While `body` runs, the calls of the file system are counted, and those fail for which `fails` gives an error code.
 * A close that fails closes the file all the same, as in Linux.
 *
 * @returns names of the calls, in order
 */
export async function onFaultyDisk(fails: Failing, body: () => Promise<unknown>): Promise<string[]> {
  const real = { ...fs.promises };
  const made: string[] = [];
  const guarded =
    (name: string, call: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      made.push(name);
      const code = fails(name, made.length - 1);
      if (code === undefined || name === 'close') {
        const result = await call(...args);
        if (code === undefined) return result;
      }
      throw Object.assign(new Error(`${code}: injected, ${name}`), { code, syscall: name });
    };
  for (const name of calls) Object.assign(fs.promises, { [name]: guarded(name, real[name] as never) });
  Object.assign(fs.promises, {
    open: guarded('open', async (file: PathLike, flags: never) => {
      const handle = await real.open(file, flags);
      for (const name of handleCalls) {
        Object.assign(handle, { [name]: guarded(name, handle[name].bind(handle) as never) });
      }
      return handle;
    }),
  });
  syncBuiltinESMExports();
  try {
    await body();
  } finally {
    Object.assign(fs.promises, real);
    syncBuiltinESMExports();
  }
  return made;
}
