import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';

interface Script {
  buildAddon(options?: { library?: string }): Promise<string>;
  CannotBuild: new () => Error & { code: string };
}

const { buildAddon, CannotBuild } = (await import(
  pathToFileURL(path.resolve('scripts', 'build-addon.mjs')).href
)) as Script;

/** The package with its addon, or a visible skip that says what this machine lacks. */
async function builtAddon(t: TestContext): Promise<string | undefined> {
  try {
    return await buildAddon();
  } catch (error) {
    if (!(error instanceof CannotBuild)) throw error;
    t.skip(error.message);
    return undefined;
  }
}

describe('scripts/build-addon.mjs', () => {
  it("builds the addon of tfjs-node's package, which computes", async (t) => {
    const folder = await builtAddon(t);
    if (folder === undefined) return;
    // In a process of its own: two copies of TensorFlow's kernels do not share one.
    const program = `
      const addon = require(${JSON.stringify(path.join(folder, 'lib', 'napi-v8', 'tfjs_binding.node'))});
      const bytes = (words) => words.map((word) => new TextEncoder().encode(word));
      const words = ['short', 'a word that is too long to be kept inline', ''];
      const strings = addon.createTensor([3], addon.TF_STRING, bytes(words));
      const back = addon.tensorDataSync(strings).map((buffer) => Buffer.from(buffer).toString());
      const x = addon.createTensor([2, 2], addon.TF_FLOAT, new Float32Array([1, 2, 3, 4]));
      const T = { name: 'T', type: addon.TF_ATTR_TYPE, value: addon.TF_FLOAT };
      const flags = ['transpose_a', 'transpose_b'].map((name) => ({ name, type: addon.TF_ATTR_BOOL, value: false }));
      const [product] = addon.executeOp('MatMul', [T, ...flags], [x, x], 1);
      console.log(JSON.stringify({ same: back.join() === words.join(), y: [...addon.tensorDataSync(product.id)] }));
    `;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], { encoding: 'utf8' });
    assert.deepEqual(JSON.parse(stdout || stderr), { same: true, y: [7, 10, 15, 22] });
  });

  it('says which library is missing', async () => {
    await assert.rejects(buildAddon({ library: path.resolve('no-such-folder') }), {
      code: 'LIBRARY_NOT_FOUND',
    });
  });
});
