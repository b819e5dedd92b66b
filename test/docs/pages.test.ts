// The pages in docs/ are true: each code block runs, and prints what the block after it says.
//
// The ```js blocks of a page are one program, the ```sh blocks one session of the command line, in a folder of its own.
// A block that says "js examples/mlp.js" is that program, word for word, and the ```text block after it what its
// comment says it prints; test/examples runs it.
import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { cnn, runNode } from '../cli/run-cnn.js';
import { assertPrinted, trains } from '../printed.js';

interface Block {
  readonly language: string;
  /** The file that it is taken from, if any. */
  readonly file: string;
  readonly code: string;
  /** The text block after it. */
  readonly prints: string | undefined;
}

// On one part of a batch at a time, whatever the number of cores: what these programs train goes wrong on purpose, and
// then small differences grow.
process.env.TF_NUM_INTRAOP_THREADS = '1';

/** What is printed before each block's own output, and its number. */
const MARK = '=== output of block ';

/** Commands that the pages show and the tests don't run: they need the network, or a server that stays. */
const NOT_RUN = /^(npm install|pip install|tensorboard) /;

function blocksOf(page: string): Block[] {
  const fences = [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(
    ([, language, file = '', code]) => ({ language: language!, file, code: code! }),
  );
  return fences
    .map((fence, i) => ({
      ...fence,
      prints: fences[i + 1]?.language === 'text' ? fences[i + 1]!.code : undefined,
    }))
    .filter(({ language }) => language !== 'text');
}

function taken(file: string): { code: string; prints: string } {
  const [code = '', output = ''] = readFileSync(file, 'utf8').split('\n// Output:\n//\n');
  return { code: code.trim(), prints: output.replace(/^\/\/ ?/gm, '').trim() };
}

describe('docs', () => {
  const pages = readdirSync('docs').filter((name) => name.endsWith('.md'));
  const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));

  for (const page of pages) {
    const text = readFileSync(path.join('docs', page), 'utf8');
    const blocks = blocksOf(text);
    const own = blocks.filter(({ language, file }) => language === 'js' && file === '');
    const commands = blocks.filter(({ language }) => language === 'sh');
    const cwd = path.join(folder, page);
    mkdirSync(cwd);

    it(`${page} has blocks of known languages, and links that lead somewhere`, () => {
      for (const { language } of blocks) assert.ok(['js', 'sh'].includes(language), language);
      for (const [, link] of text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (!/^[a-z]+:/.test(link!)) assert.ok(existsSync(path.join('docs', link!)), link);
      }
    });

    for (const { file, code, prints } of blocks.filter((block) => block.file !== '')) {
      it(`${page}: ${file}`, () => {
        const original = taken(file);
        assert.equal(code.trim(), original.code);
        if (prints !== undefined) assert.equal(prints.trim(), original.prints);
      });
    }

    if (own.length > 0) {
      it(`${page}: program`, async () => {
        // In this repository, so that 'cnn-node' is found.
        const program = path.resolve('dist', 'docs-pages', `${page}.mjs`);
        mkdirSync(path.dirname(program), { recursive: true });
        writeFileSync(program, own.map(({ code }, i) => `console.log('${MARK}${i}');\n${code}`).join('\n'));
        const { code, stdout, stderr } = await runNode([program], { cwd });
        assert.equal(code, 0, `${stdout}${stderr}`);
        const printed = stdout.split(new RegExp(`^${MARK}\\d+\n`, 'm')).slice(1);
        let isTrained = false;
        for (const [i, block] of own.entries()) {
          isTrained ||= trains(block.code);
          assertPrinted(printed[i]!.trimEnd(), (block.prints ?? '').trimEnd(), { trains: isTrained });
        }
      });
    }

    if (commands.length > 0) {
      it(`${page}: commands`, async () => {
        for (const { code, prints } of commands) {
          let printed = '';
          for (const line of code.trim().split('\n')) {
            if (NOT_RUN.test(line)) continue;
            const [command, ...args] = line.replace(/ #.*/, '').trim().split(/\s+/);
            assert.equal(command, 'cnn', line);
            const ended = await cnn(args, { cwd });
            assert.equal(ended.code, 0, `${line}\n${ended.stdout}${ended.stderr}`);
            printed += ended.stdout;
          }
          if (prints !== undefined)
            assertPrinted(printed.trimEnd(), prints.trimEnd(), { trains: trains(code) });
        }
      });
    }
  }

  it('the folder of the runs is removed', () => rmSync(folder, { recursive: true }));
});
