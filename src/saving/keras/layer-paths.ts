import { toSnakeCase } from '../../layers/layer.js';

/** Keras's names for some layers of a model: the class in snake case, the second of a class with `_1`, and so on. */
export function layerPaths(classNames: readonly string[]): string[] {
  const counts = new Map<string, number>();
  return classNames.map((className) => {
    const name = toSnakeCase(className);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return `layers/${count === 0 ? name : `${name}_${count}`}`;
  });
}
