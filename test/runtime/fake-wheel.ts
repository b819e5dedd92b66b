import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { strToU8, zipSync } from 'fflate';
import type { Recipe } from '../../src/runtime/setup/install.js';
import type { Wheel } from '../../src/runtime/setup/wheels.js';
import { ccName, frameworkName } from './fake-library.js';

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** A small wheel with two files for libraries, of random bytes, and what setup is told of it. */
export interface FakeWheel {
  readonly bytes: Buffer;
  readonly contents: ReadonlyMap<string, Buffer>;
  readonly recipe: Recipe;
}

export function fakeWheel(name = 'fakeflow'): FakeWheel {
  const contents = new Map([
    [ccName, randomBytes(400_000)],
    [frameworkName, randomBytes(100_000)],
  ]);
  const members = [...contents].map(
    ([file, bytes]) => [`tensorflow/${file}`, new Uint8Array(bytes)] as const,
  );
  const info = `${name}-2.21.0.dist-info`;
  const bytes = Buffer.from(
    zipSync({
      'tensorflow/other.txt': strToU8('not wanted'),
      ...Object.fromEntries(members),
      [`${info}/METADATA`]: strToU8(`Metadata-Version: 2.1\nName: ${name}\nVersion: 2.21.0\n`),
      [`${info}/WHEEL`]: strToU8('Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n'),
      [`${info}/RECORD`]: strToU8(''),
    }),
  );
  const wheel: Wheel = {
    file: `${name}-2.21.0-py3-none-any.whl`,
    size: bytes.length,
    sha256: sha256(bytes),
    members: members.map(([member, content]) => ({
      name: member,
      size: content.length,
      sha256: sha256(content),
    })),
  };
  return {
    bytes,
    contents,
    recipe: { name: 'libtensorflow-2.21.0-fake', version: '2.21.0', wheels: [wheel] },
  };
}

/**
 * A `python3` whose pip "downloads" by copying a file, and notes each download in `log`.
 *
 * @returns the folder to be put on the path
 */
export function fakePip(
  folder: string,
  wheel: FakeWheel,
  bytes: Buffer = wheel.bytes,
): { bin: string; log: string } {
  const bin = path.join(folder, 'pip-bin');
  const log = path.join(folder, 'pip.log');
  mkdirSync(bin, { recursive: true });
  const file = wheel.recipe.wheels[0]!.file;
  writeFileSync(path.join(bin, file), bytes);
  const script = `#!/bin/sh
[ "$3" = --version ] && exit 0
while [ "$1" != --dest ]; do shift; done
/bin/mkdir -p "$2"
/bin/cp '${path.join(bin, file)}' "$2/"
echo download >> '${log}'
`;
  writeFileSync(path.join(bin, 'python3'), script);
  chmodSync(path.join(bin, 'python3'), 0o755);
  return { bin, log };
}
