import '../../src/runtime/backend.js';
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Callback, TrainingControl } from '../../src/callbacks/callback.js';
import {
  CSVLogger,
  EarlyStopping,
  LambdaCallback,
  LearningRateScheduler,
  ModelCheckpoint,
  ReduceLROnPlateau,
} from '../../src/callbacks/index.js';
import { SGD } from '../../src/optimizers/index.js';
import { ExponentialDecay } from '../../src/optimizers/schedules/index.js';
import { HostArray } from '../../src/runtime/host-array.js';
import { type CallbackCase, oracle } from '../oracle/oracle.js';

const { cases } = oracle('callbacks');

/** A training of nothing: its one weight is the number of the epoch. */
class FakeTraining implements TrainingControl {
  readonly model = {
    optimizer: { learningRate: 0.1 },
    getWeights: () => [new HostArray([1], Float32Array.of(this.epoch))],
    setWeights: ([weight]: readonly HostArray[]) => {
      this.restored = weight!.data[0]!;
    },
    save: async (file: string) => {
      this.saved.push(file);
    },
  };
  readonly results: TrainingControl['results'];
  readonly epochs = 20;
  readonly stepsPerEpoch = 1;
  readonly batchSize = 1;
  readonly saved: string[] = [];
  epoch = 0;
  restored: number | null = null;
  stopReason: string | undefined;

  constructor(results: TrainingControl['results'] = { loss: 'down', val_loss: 'down' }) {
    this.results = results;
  }

  get data(): never {
    throw new Error('nothing is trained on here');
  }

  traceStep(): never {
    throw new Error('nothing is traced here');
  }

  stopTraining(reason?: string): void {
    this.stopReason = reason ?? 'stopped';
  }

  /** Runs epochs that report these results. @returns the learning rate after each */
  async run(callback: Callback, values: readonly number[], name = 'val_loss'): Promise<number[]> {
    await callback.onTrainBegin?.(this);
    const rates = await this.goOn(callback, values, name);
    await callback.onTrainEnd?.({});
    return rates;
  }

  async goOn(callback: Callback, values: readonly number[], name = 'val_loss'): Promise<number[]> {
    const rates: number[] = [];
    for (const value of values) {
      await callback.onEpochBegin?.(this.epoch);
      await callback.onEpochEnd?.(this.epoch, { [name]: value });
      this.epoch++;
      rates.push(this.model.optimizer.learningRate);
      if (this.stopReason !== undefined) break;
    }
    return rates;
  }
}

function make({ callback, options }: CallbackCase): Callback {
  return callback === 'EarlyStopping'
    ? new EarlyStopping({ ...options, restoreBestWeights: true })
    : new ReduceLROnPlateau(options);
}

function assertRates(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length, 'number of epochs');
  for (const [i, rate] of expected.entries())
    assert.ok(Math.abs(actual[i]! - rate) < 1e-6 * rate, `epoch ${i}`);
}

describe('callbacks decide as Keras does', () => {
  for (const c of cases) {
    const results = c.results.map(Number);

    it(c.name, async () => {
      const training = new FakeTraining();
      assertRates(await training.run(make(c), results), c.rates);
      assert.equal(training.restored, c.restored);
      assert.equal(training.stopReason !== undefined, c.rates.length < results.length);
    });

    it(`${c.name}: twice, the second as the first`, async () => {
      const callback = make(c);
      await new FakeTraining().run(callback, results);
      const training = new FakeTraining();
      assertRates(await training.run(callback, results), c.rates);
      assert.equal(training.restored, c.restored);
    });

    it(`${c.name}: resumed after any epoch, as if it had never stopped`, async () => {
      for (let at = 1; at < c.rates.length; at++) {
        const training = new FakeTraining();
        const first = make(c);
        await first.onTrainBegin!(training);
        const rates = await training.goOn(first, results.slice(0, at));
        const second = make(c);
        second.setState(JSON.parse(JSON.stringify(first.getState())));
        rates.push(...(await training.run(second, results.slice(at))));
        assertRates(rates, c.rates);
        assert.equal(training.restored, c.restored);
      }
    });
  }
});

describe('callbacks that watch a result', () => {
  const makers = [
    () => new EarlyStopping({ monitor: 'val_acuracy' }),
    () => new ReduceLROnPlateau({ monitor: 'val_acuracy' }),
    () => new ModelCheckpoint({ filepath: 'x.keras', monitor: 'val_acuracy', saveBestOnly: true }),
  ];

  it('refuse one that there is not, before training, with a suggestion', () => {
    const training = new FakeTraining({ loss: 'down', accuracy: 'up', val_loss: 'down', val_accuracy: 'up' });
    for (const makeOne of makers) {
      assert.throws(() => makeOne().onTrainBegin!(training), {
        code: 'UNKNOWN_NAME',
        message: /"val_accuracy"/,
      });
    }
  });

  it('know which way is better, or ask', async () => {
    const rising = [0.1, 0.2, 0.3, 0.2, 0.1];
    const training = new FakeTraining({ loss: 'down', accuracy: 'up', own: undefined });
    const stopping = new EarlyStopping({ monitor: 'accuracy' });
    await training.run(stopping, rising, 'accuracy');
    assert.deepEqual([training.epoch, stopping.bestEpoch], [4, 2]);
    assert.throws(() => new EarlyStopping({ monitor: 'own' }).onTrainBegin(training), {
      code: 'INVALID_ARGUMENT',
    });
    new EarlyStopping({ monitor: 'own', mode: 'max' }).onTrainBegin(training);
  });

  it('pass over epochs that did not report it', async () => {
    const training = new FakeTraining();
    const stopping = new EarlyStopping();
    stopping.onTrainBegin(training);
    await training.goOn(stopping, [1]);
    await training.goOn(stopping, [5, 5], 'loss');
    assert.equal(training.stopReason, undefined);
  });

  it('never take NaN for the best', async () => {
    const training = new FakeTraining();
    const stopping = new EarlyStopping({ patience: 2 });
    await training.run(stopping, [Number.NaN, 1, 0.5]);
    assert.deepEqual([training.stopReason, stopping.bestEpoch], [undefined, 2]);
  });

  it('refuse options out of range', () => {
    assert.throws(() => new EarlyStopping({ mode: 'up' as never }), { code: 'INVALID_ARGUMENT' });
    assert.throws(() => new EarlyStopping({ patience: -1 }), { code: 'INVALID_ARGUMENT' });
    assert.throws(() => new ReduceLROnPlateau({ factor: 1 }), { code: 'INVALID_ARGUMENT' });
  });
});

describe('callbacks that set the learning rate', () => {
  it('follow a function of the epoch', async () => {
    const scheduler = new LearningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2));
    assert.deepEqual(await new FakeTraining().run(scheduler, [1, 1, 1]), [0.1, 0.05, 0.025]);
  });

  it('refuse at once an optimizer whose rate a schedule gives', () => {
    const schedule = new ExponentialDecay({ initialLearningRate: 0.1, decaySteps: 10, decayRate: 0.5 });
    const training = new FakeTraining();
    training.model.optimizer = new SGD({ learningRate: schedule });
    assert.throws(() => new ReduceLROnPlateau().onTrainBegin(training), { code: 'INVALID_ARGUMENT' });
  });
});

describe('LambdaCallback', () => {
  it('has the given moments, and no others', async () => {
    const epochs: number[] = [];
    const lambda = new LambdaCallback({ onEpochEnd: (epoch) => void epochs.push(epoch) });
    await new FakeTraining().run(lambda, [1, 1]);
    assert.deepEqual(epochs, [0, 1]);
    assert.equal(lambda.onBatchEnd, undefined);
    assert.throws(() => new LambdaCallback({ onEpochStart() {} } as never), { code: 'UNKNOWN_NAME' });
  });
});

describe('callbacks that write files', () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'cnn-callbacks-'));
  });
  after(() => rm(folder, { recursive: true }));

  describe('ModelCheckpoint', () => {
    it('saves every epoch under a name of its own', async () => {
      const training = new FakeTraining();
      const filepath = path.join(folder, 'a/{epoch:02d}-{val_loss:.2f}-{epoch}.keras');
      await training.run(new ModelCheckpoint({ filepath }), [0.5, 0.25]);
      const names = ['01-0.50-1.keras', '02-0.25-2.keras'];
      assert.deepEqual(
        training.saved,
        names.map((name) => path.join(folder, 'a', name)),
      );
    });

    it('saves only what is better, also after it was resumed', async () => {
      const training = new FakeTraining();
      const options = {
        filepath: path.join(folder, '{epoch}'),
        saveBestOnly: true,
        initialValueThreshold: 0.9,
      };
      const first = new ModelCheckpoint(options);
      await training.run(first, [1, 0.8, 0.85]);
      const second = new ModelCheckpoint(options);
      second.setState(JSON.parse(JSON.stringify(first.getState())));
      await training.run(second, [0.82, 0.7]);
      assert.deepEqual(
        training.saved.map((file) => path.basename(file)),
        ['2', '5'],
      );
    });

    it('needs no result where it saves every epoch, and refuses a place for which there is no value', async () => {
      const training = new FakeTraining({ loss: 'down' });
      await training.run(new ModelCheckpoint({ filepath: path.join(folder, 'm.keras') }), [1], 'loss');
      assert.equal(training.saved.length, 1);
      const wrong = new ModelCheckpoint({ filepath: '{val_loss}.keras' });
      assert.throws(() => wrong.onTrainBegin(training), { code: 'UNKNOWN_NAME' });
    });

    it('tells of a folder that cannot be made', async () => {
      await writeFile(path.join(folder, 'file'), '');
      const checkpoint = new ModelCheckpoint({ filepath: path.join(folder, 'file/m.keras') });
      await assert.rejects(new FakeTraining().run(checkpoint, [1]), { code: 'WRITE_FAILED' });
    });
  });

  describe('CSVLogger', () => {
    const results = { loss: 'down', val_loss: 'down' } as const;
    const file = () => path.join(folder, 'deep/er/history.csv');
    const text = () => readFile(file(), 'utf8');

    it('writes a header and a row an epoch; a new run replaces the file', async () => {
      for (let run = 0; run < 2; run++)
        await new FakeTraining(results).run(new CSVLogger({ filename: file() }), [1, 0.5]);
      assert.equal(await text(), 'epoch,loss,val_loss\n0,NA,1\n1,NA,0.5\n');
    });

    it('appends, leaving out a row that a crash has cut', async () => {
      await writeFile(file(), 'epoch;loss;val_loss\n0;NA;1\n1;N');
      await new FakeTraining(results).run(
        new CSVLogger({ filename: file(), separator: ';', append: true }),
        [0.5],
      );
      assert.equal(await text(), 'epoch;loss;val_loss\n0;NA;1\n0;NA;0.5\n');
    });

    it('goes on after its checkpoint: rows that came later are written again', async () => {
      const training = new FakeTraining(results);
      const first = new CSVLogger({ filename: file() });
      await first.onTrainBegin(training);
      await training.goOn(first, [1, 0.5]);
      const state = JSON.parse(JSON.stringify(first.getState()));
      await training.goOn(first, [0.4]);
      training.epoch = 2;
      const second = new CSVLogger({ filename: file() });
      second.setState(state);
      await training.run(second, [0.4, 0.3]);
      assert.equal(await text(), 'epoch,loss,val_loss\n0,NA,1\n1,NA,0.5\n2,NA,0.4\n3,NA,0.3\n');
    });

    it('quotes names that contain the separator', async () => {
      const training = new FakeTraining({ 'a,b"c': undefined });
      await training.run(new CSVLogger({ filename: file() }), [1], 'a,b"c');
      assert.equal(await text(), 'epoch,"a,b""c"\n0,1\n');
    });

    it('refuses to append under other columns, and says which file it cannot write', async () => {
      await writeFile(file(), 'epoch,accuracy\n0,1\n');
      const other = new CSVLogger({ filename: file(), append: true });
      await assert.rejects(other.onTrainBegin(new FakeTraining(results)), { code: 'DATA_INVALID' });
      const nowhere = new CSVLogger({ filename: path.join(file(), 'history.csv') });
      await assert.rejects(nowhere.onTrainBegin(new FakeTraining(results)), { code: 'WRITE_FAILED' });
    });
  });
});
