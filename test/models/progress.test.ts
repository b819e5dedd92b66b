import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Progress, type ProgressOptions } from '../../src/models/progress.js';

/** A terminal, or a pipe, that keeps what is written; time passes when the test says so. */
class FakeTerminal {
  text = '';
  time = 0;
  readonly isTTY: boolean;
  readonly columns: number | undefined;
  readonly colors: boolean;

  constructor({ isTTY = true, columns = 120, colors = false } = {}) {
    this.isTTY = isTTY;
    this.columns = columns;
    this.colors = colors;
  }

  write(piece: string) {
    this.text += piece;
  }

  hasColors() {
    return this.colors;
  }

  progress(options: Partial<ProgressOptions> = {}) {
    return new Progress({
      verbose: 1,
      epochs: 10,
      stepsPerEpoch: 430,
      stream: this,
      now: () => this.time,
      ...options,
    });
  }

  /** What is to be seen in the end, on lines without end. */
  get shown() {
    const last = (line: string) => line.split('\r').at(-1)!.replaceAll('\x1b[K', '');
    return this.text.split('\n').map(last).join('\n');
  }

  /** Everything that was ever drawn on the line that is drawn anew. */
  get drawings() {
    return this.text
      .split('\r')
      .slice(1)
      .map((line) => line.replaceAll('\x1b[K', '').replace(/\n.*$/s, ''));
  }
}

const running = { loss: 0.1, accuracy: 0.9 };
const final = { loss: 0.07123, accuracy: 0.978, val_loss: 0.0699, val_accuracy: 0.979 };
const finalText = 'accuracy: 0.9780 - loss: 0.0712 - val_accuracy: 0.9790 - val_loss: 0.0699';

test('an epoch in a terminal reads as in Keras', () => {
  const out = new FakeTerminal();
  const progress = out.progress();
  progress.epochBegin(2);
  out.time += 700;
  progress.update(215, running);
  assert.match(
    out.shown,
    /^Epoch 3\/10\n215\/430 ━{10}─{10} 1s 3ms\/step - accuracy: 0.9000 - loss: 0.1000$/,
  );
  progress.epochEnd(final, 1.29);
  assert.equal(out.shown, `Epoch 3/10\n430/430 ${'━'.repeat(20)} 1s 3ms/step - ${finalText}\n`);
});

test('an evaluation has no epochs', () => {
  const out = new FakeTerminal();
  const progress = out.progress({ epochs: undefined, stepsPerEpoch: 79 });
  progress.epochBegin(0);
  progress.epochEnd({ loss: 0.07, accuracy: 0.98 }, 0.1);
  assert.equal(out.shown, `79/79 ${'━'.repeat(20)} 0s 1ms/step - accuracy: 0.9800 - loss: 0.0700\n`);
});

test('the line is drawn at most ten times a second', () => {
  const out = new FakeTerminal();
  const progress = out.progress();
  progress.epochBegin(0);
  for (let step = 1; step <= 430; step++) {
    out.time += 5;
    progress.update(step, running);
  }
  assert.ok(out.drawings.length >= 20 && out.drawings.length <= 22, String(out.drawings.length));
});

test('isDue tells whether an update would draw', () => {
  const out = new FakeTerminal();
  const progress = out.progress();
  progress.epochBegin(0);
  assert.equal(progress.isDue, true);
  progress.update(1, running);
  assert.equal(progress.isDue, false);
  out.time += 100;
  assert.equal(progress.isDue, true);
  assert.equal(new FakeTerminal({ isTTY: false }).progress().isDue, false);
  assert.equal(out.progress({ verbose: 2 }).isDue, false);
});

test('a running line never reaches the last column, at any width', () => {
  for (let columns = 10; columns < 130; columns++) {
    const out = new FakeTerminal({ columns });
    const progress = out.progress();
    progress.epochBegin(0);
    for (const step of [1, 215, 430]) {
      out.time += 1000;
      progress.update(step, running);
    }
    for (const line of out.drawings) assert.ok(line.length < columns, `${columns}: ${line}`);
  }
});

test('on a narrow terminal the bar gives way, and the last line keeps its values', () => {
  const out = new FakeTerminal({ columns: 60 });
  const progress = out.progress();
  progress.epochBegin(0);
  out.time += 430;
  progress.update(215, { accuracy: 0.9 });
  assert.match(out.shown, /215\/430 ━+─+ 0s 2ms\/step - accuracy: 0.9000$/);
  progress.epochEnd(final, 1);
  assert.ok(out.shown.endsWith(`430/430 1s 2ms/step - ${finalText}\n`), out.shown);
});

test('a terminal of unknown width counts as 80 columns', () => {
  const out = new FakeTerminal({ columns: 0 });
  const progress = out.progress();
  progress.epochBegin(0);
  progress.update(1, { ...final, learning_rate: 0.001 });
  assert.ok(out.drawings.every((line) => line.length < 80));
});

test('not a terminal: one line an epoch', () => {
  const out = new FakeTerminal({ isTTY: false });
  const progress = out.progress();
  progress.epochBegin(0);
  for (let step = 1; step <= 430; step++) {
    out.time += 100;
    progress.update(step, running);
  }
  progress.epochEnd(final, 43);
  assert.equal(out.text, `Epoch 1/10 - 43s - 100ms/step - ${finalText}\n`);
});

test('verbose 2 is one line an epoch in a terminal too; verbose 0 is silent', () => {
  for (const verbose of [0, 2] as const) {
    const out = new FakeTerminal();
    const progress = out.progress({ verbose });
    progress.epochBegin(9);
    progress.update(1, running);
    progress.epochEnd(final, 1.26);
    progress.close();
    assert.equal(out.text, verbose === 0 ? '' : `Epoch 10/10 - 1.3s - 3ms/step - ${finalText}\n`);
  }
});

test('close ends an open line once', () => {
  const out = new FakeTerminal();
  const progress = out.progress();
  progress.epochBegin(0);
  progress.close();
  assert.equal(out.text, 'Epoch 1/10\n');
  progress.update(1, running);
  progress.close();
  progress.close();
  assert.match(out.text, /[^\n]\n$/);
});

test('colours only where the stream has them', () => {
  for (const colors of [true, false]) {
    const out = new FakeTerminal({ colors });
    const progress = out.progress();
    progress.epochBegin(0);
    progress.epochEnd(final, 1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colour codes begin with one
    assert.equal(/\x1b\[\d+m/.test(out.text), colors);
  }
});

test('small, zero and non-finite values, and long times', () => {
  const out = new FakeTerminal({ columns: 200 });
  const progress = out.progress({ stepsPerEpoch: 10_000 });
  progress.epochBegin(0);
  out.time += 4000;
  progress.update(10, { a: 0.00001234, b: 0, c: Number.NaN, d: -12.5 });
  assert.match(out.shown, / 1:06:36 400ms\/step - a: 1.2340e-5 - b: 0.0000 - c: NaN - d: -12.5000$/);
});
