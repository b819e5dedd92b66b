import { readdirSync } from 'node:fs';
import path from 'node:path';

/** All files below a folder whose name ends with a suffix, sorted (Node 20 has no fs.globSync). */
export function globSync(folder, suffix) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(suffix))
    .map((name) => path.join(folder, name))
    .sort();
}
