import type { Sequential } from '../sequential.js';
import { cnn } from './cnn.js';
import { mlp } from './mlp.js';
import type { ZooName, ZooOptions } from './recipes.js';
import { softmax } from './softmax.js';

export { type Recipe, recipes, type ZooName, type ZooOptions } from './recipes.js';
export { cnn, mlp, softmax };

/** The models that `cnn train --model` knows, uncompiled. */
export const zoo: Readonly<Record<ZooName, (options?: ZooOptions) => Sequential>> = { softmax, mlp, cnn };
