import { spawnSync } from 'node:child_process';

/**
 * A Python that has a module: `CNN_TEST_PYTHON`, the one of `.venv`, or the one on the path. Undefined where none has
 * it; tests are skipped then, and say so.
 */
export function pythonWith(module: string): string | undefined {
  const candidates = [process.env.CNN_TEST_PYTHON, '.venv/bin/python', 'python3'];
  return candidates.find(
    (python) => python !== undefined && spawnSync(python, ['-c', `import ${module}`]).status === 0,
  );
}
