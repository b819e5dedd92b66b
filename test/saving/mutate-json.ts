import type { Random } from '../oracle/saving/specs.js';
import type { Json } from './hostile/good.js';

const STRANGE: readonly Json[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 31,
  1e308,
  '',
  'relu',
  '__proto__',
  [],
  [null],
  [[]],
  {},
  { module: 'os', class_name: 'system', config: {} },
  { module: 'keras.layers', class_name: 'Dense', config: { units: 3 } },
];

/** JSON with some of its values replaced, taken out, doubled, or under another name. */
export function mutateJson(random: Random, original: Json): Json {
  const value = structuredClone(original);
  for (let i = random.whole(1, 3); i > 0; i--) {
    const holders: Json[] = [];
    collect(value, holders);
    const holder = random.pick(holders);
    const keys = Object.keys(holder);
    if (keys.length === 0) continue;
    const key = random.pick(keys);
    random.pick([
      () => define(holder, key, structuredClone(random.pick(STRANGE))),
      () => delete holder[key],
      () => define(holder, random.pick(['units', 'name', 'seed', '__proto__', 'class_name']), holder[key]),
      () => define(holder, key, structuredClone(random.pick(holders))),
    ])();
  }
  return value;
}

function define(holder: Json, key: string, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

function collect(value: Json, holders: Json[]): void {
  if (typeof value !== 'object' || value === null) return;
  holders.push(value);
  for (const child of Object.values(value)) collect(child, holders);
}
