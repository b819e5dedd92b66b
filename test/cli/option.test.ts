import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, exitCodes } from '../../src/cli/exit-codes.js';
import { flagOf, type Option, type Options } from '../../src/cli/option.js';
import { evaluateOptions, trainOptions } from '../../src/cli/options.js';
import { CnnError } from '../../src/errors.js';

function parse(option: Option<unknown>, typed: string): unknown {
  return option.parse!(typed, '--flag');
}

function refuses(option: Option<unknown>, ...typed: string[]): void {
  for (const word of typed) {
    assert.throws(
      () => parse(option, word),
      (error) =>
        error instanceof CnnError &&
        error.code === 'INVALID_ARGUMENT' &&
        error.details.flag === '--flag' &&
        error.details.expected !== undefined &&
        error.details.received === `"${word}"` &&
        exitCodeOf(error) === exitCodes.usage,
      word,
    );
  }
}

test('whole numbers', () => {
  assert.equal(parse(trainOptions.epochs, '12'), 12);
  assert.equal(parse(trainOptions.seed, '0'), 0);
  refuses(trainOptions.epochs, '0', '-1', '1.5', 'ten', '', ' ', '1e400', '3x', 'NaN', 'Infinity');
  refuses(trainOptions.seed, '-1', String(2 ** 31));
});

test('numbers', () => {
  assert.equal(parse(trainOptions.lr, '1e-3'), 0.001);
  assert.equal(parse(trainOptions.lr, '.5'), 0.5);
  refuses(trainOptions.lr, '0', '-1', 'fast', '', 'NaN', 'Infinity');
  assert.equal(parse(evaluateOptions.minAccuracy, '1'), 1);
  refuses(evaluateOptions.minAccuracy, '97', '-0.1', '97%');
});

test('a share is a fraction or a count', () => {
  assert.equal(parse(trainOptions.valSplit, '0'), 0);
  assert.equal(parse(trainOptions.valSplit, '0.1'), 0.1);
  assert.equal(parse(trainOptions.valSplit, '5000'), 5000);
  refuses(trainOptions.valSplit, '1.5', '-0.1', '10%');
});

test('words', () => {
  assert.equal(parse(trainOptions.device, 'gpu'), 'gpu');
  refuses(trainOptions.device, 'GPU', 'tpu', '');
  refuses(trainOptions.data, '', ' ');
  assert.throws(
    () => parse(trainOptions.optimizer, 'adm'),
    (error) => error instanceof CnnError && error.details.hint === 'Did you mean "adam"?',
  );
});

test('flags follow from names', () => {
  assert.equal(flagOf('batchSize', trainOptions.batchSize), '--batch-size');
  assert.equal(flagOf('jit', trainOptions.jit), '--no-jit');
});

test('every option says what happens without it', () => {
  const tables: Options[] = [trainOptions, evaluateOptions];
  for (const [key, option] of tables.flatMap((table) => Object.entries(table))) {
    assert.ok((option.default === undefined) !== (option.absent === undefined), key);
    assert.ok(option.placeholder === undefined || option.parse !== undefined, key);
    assert.ok(option.description.length > 0 && !option.description.endsWith('.'), key);
  }
});
