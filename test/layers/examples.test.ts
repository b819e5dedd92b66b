// The examples in the documentation of layers and of what they are made from run as they stand.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test } from 'node:test';
import * as activations from '../../src/activations/index.js';
import * as initializers from '../../src/initializers/index.js';
import * as layers from '../../src/layers/index.js';
import * as regularizers from '../../src/regularizers/index.js';
import * as tf from '../../src/tf.js';
import { enter, MODES } from '../modes.js';

before(() => enter(MODES[0]!));

const scope = { activations, initializers, layers, regularizers, tf };

/** The code after each `@example` of a file. */
function examples(text: string): string[] {
  const comments = text.match(/\/\*\*[\s\S]*?\*\//g) ?? [];
  return comments.flatMap((comment) => {
    const [, code] = comment.split('@example');
    return code === undefined ? [] : [code.replace(/^\s*\*\/?/gm, '').replace('*/', '')];
  });
}

for (const folder of ['activations', 'initializers', 'layers', 'regularizers']) {
  for (const file of readdirSync(path.join('src', folder)).filter((name) => name !== 'index.ts')) {
    for (const code of examples(readFileSync(path.join('src', folder, file), 'utf8'))) {
      test(`${folder}/${file}`, () => {
        tf.tidy(() => void new Function(...Object.keys(scope), code)(...Object.values(scope)));
      });
    }
  }
}
