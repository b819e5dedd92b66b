import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { commands } from '../../src/cli/commands.js';
import { flagOf } from '../../src/cli/option.js';
import { cnn, main } from './run-cnn.js';

test('help lists every command, and every option of a command, within 80 columns', async () => {
  const { code, stdout, stderr } = await cnn(['--help']);
  assert.deepEqual([code, stderr], [0, '']);
  for (const { name, options } of commands) {
    assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
    const help = await cnn([name, '--help']);
    assert.deepEqual([help.code, help.stderr], [0, '']);
    for (const [key, option] of Object.entries(options)) {
      assert.match(help.stdout, new RegExp(`^  ${flagOf(key, option)} `, 'm'));
    }
    const [, table] = help.stdout.split(/^Examples:/m);
    assert.ok(table !== undefined, name);
    for (const line of help.stdout.split(/^Examples:/m)[0]!.split('\n')) assert.ok(line.length <= 80, line);
  }
});

test('the version is that of the package', async () => {
  const { code, stdout } = await cnn(['--version']);
  assert.equal(code, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('no command: the help text on stderr, and exit 2', async () => {
  const { code, stdout, stderr } = await cnn([]);
  assert.deepEqual([code, stdout], [2, '']);
  assert.match(stderr, /^Usage: cnn/);
});

const wrong: readonly (readonly [args: string[], says: RegExp])[] = [
  [['trian'], /Did you mean train\?/],
  [['train', '--epoch', '3'], /Did you mean --epochs\?/],
  [['train', '--data'], /--data/],
  [['train', 'mlp'], /too many arguments/],
  [['train', '--epochs', 'ten'], /--epochs.*expected a whole number from 1 on, received "ten"/],
  [['train', '--lr', '0'], /--lr.*expected a number above 0, received "0"/],
  [['train', '--optimizer', 'adma'], /--optimizer.*Did you mean "adam"\?/],
  [['train', '--model', 'mpl'], /unknown model "mpl".*Did you mean "mlp"\?/],
  [['train', '--data', 'mnits'], /unknown data set "mnits".*Did you mean "mnist"\?/],
  [['evaluate', '--min-accuracy', '97'], /--min-accuracy.*expected a number from 0 to 1, received "97"/],
];

for (const [args, says] of wrong) {
  test(`cnn ${args.join(' ')}: exit 2`, async () => {
    const { code, stdout, stderr } = await cnn(args);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, says);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });
}

test('with --json, an error is a line on stdout too', async () => {
  for (const [args, error] of [
    [['--model', 'mpl'], 'UNKNOWN_NAME'],
    [['--epoch', '3'], 'INVALID_ARGUMENT'],
    [['mlp'], 'INVALID_ARGUMENT'],
  ] as const) {
    const { code, stdout } = await cnn(['train', ...args, '--json']);
    assert.equal(code, 2);
    const { message, details, ...rest } = JSON.parse(stdout) as Record<string, unknown>;
    assert.deepEqual(rest, { event: 'error', code: error, exitCode: 2 });
    const hint = { kind: 'model', hint: 'Did you mean "mlp"?' };
    assert.deepEqual(details, error === 'UNKNOWN_NAME' ? hint : undefined);
    assert.equal(typeof message, 'string');
  }
});

const hasTerminal = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

test('colours in a terminal, but not with NO_COLOR', { skip: !hasTerminal && 'needs script' }, () => {
  for (const noColor of [undefined, '1']) {
    const { stdout } = spawnSync(
      'script',
      ['-qec', `${process.execPath} ${main} train --model mpl`, '/dev/null'],
      {
        encoding: 'utf8',
        env: {
          ...process.env,
          TERM: 'xterm',
          NO_COLOR: noColor,
          FORCE_COLOR: undefined,
          // Node takes a terminal under CI for one without colours.
          CI: undefined,
          NODE_DISABLE_COLORS: undefined,
        },
      },
    );
    assert.match(stdout, /unknown model "mpl"/);
    assert.equal(stdout.includes('\u001b[31m'), noColor === undefined);
  }
});
