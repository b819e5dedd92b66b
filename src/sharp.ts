import type sharp from 'sharp';
import { CnnError } from './errors.js';

/**
 * sharp, which reads PNG and JPEG and draws SVG as PNG. Loaded when first needed, since it is an optional dependency:
 * npm installs it by default, and goes on where it cannot.
 *
 * @throws CnnError UNSUPPORTED where it is not installed
 */
export async function loadSharp(): Promise<typeof sharp> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new CnnError('UNSUPPORTED', 'picture files need the package sharp, which is not installed', {
      hint: 'Install it beside cnn-node: npm install sharp',
      cause,
    });
  }
}
