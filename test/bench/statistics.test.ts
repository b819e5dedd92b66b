import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PeerResult } from '../../bench/peers.js';
import { median, outliers, type Run, type Summary, summarize } from '../../bench/statistics.js';

function run(round: number, peer: string, seconds: number[], more: Partial<PeerResult> = {}): Run {
  const epochs = seconds.map((s) => ({ seconds: s, loss: 0.1, accuracy: 0.9 }));
  const result = {
    peer,
    versions: {},
    workload: 'mlp' as const,
    epochs,
    testAccuracy: 0.9,
    peakMemoryMiB: 100,
  };
  return { round, wallSeconds: 30, result: { ...result, ...more } };
}

const of = (summaries: readonly Summary[], peer: string) => summaries.find((s) => s.peer === peer)!;

describe('the benchmark', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 2, 9]), 3);
  });

  it('leaves the first epoch out of the time of an epoch, and sorts the fastest first', () => {
    const [fast, slow] = summarize([run(1, 'torch', [9, 4, 6]), run(1, 'cnn-node', [7, 1, 3])]);
    assert.deepEqual([fast!.peer, slow!.peer], ['cnn-node', 'torch']);
    assert.deepEqual(fast!.measures[0]!.spread, { median: 2, min: 1, max: 3 });
    assert.equal(fast!.training!.firstEpochSeconds, 7);
  });

  it('takes the first epoch where there is no other, and the whole process where that is the workload', () => {
    assert.equal(summarize([run(1, 'torch', [9])])[0]!.measures[0]!.spread.median, 9);
    const whole = run(1, 'torch', [9, 4], { workload: 'process' });
    assert.equal(summarize([whole])[0]!.measures[0]!.spread.median, 30);
  });

  it('takes ratios within a round, so that a disturbed round does not count twice', () => {
    const runs = [
      ...[run(1, 'cnn-node', [0, 1]), run(1, 'torch', [0, 2])],
      ...[run(2, 'cnn-node', [0, 10]), run(2, 'torch', [0, 20])],
      ...[run(3, 'cnn-node', [0, 1]), run(3, 'torch', [0, 2.5])],
    ];
    assert.equal(of(summarize(runs), 'torch').measures[0]!.ratio, 0.5);
  });

  it('has no ratio without a run of cnn-node in the same round', () => {
    const runs = [run(1, 'cnn-node', [0, 1]), run(2, 'torch', [0, 2])];
    assert.equal(of(summarize(runs), 'torch').measures[0]!.ratio, undefined);
  });

  it('compares each thing that was measured, where both sides have it', () => {
    const loading = (peer: string, measures: Record<string, number>) =>
      run(1, peer, [], { workload: 'load', epochs: undefined, testAccuracy: undefined, measures });
    const summaries = summarize([loading('cnn-node', { idx: 1, csv: 2 }), loading('pandas', { csv: 8 })]);
    const [csv] = of(summaries, 'pandas').measures;
    assert.deepEqual([csv!.name, csv!.ratio], ['csv', 0.25]);
    assert.equal(of(summaries, 'pandas').training, undefined);
    assert.deepEqual(outliers(summaries, 0.1), []);
  });

  it('names the peer whose loss is not that of the others', () => {
    const ends = (loss: number) => ({ epochs: [{ seconds: 1, loss, accuracy: 0.9 }] });
    const runs = [
      run(1, 'a', [1]),
      run(1, 'b', [1]),
      run(1, 'c', [1], ends(0.2)),
      run(1, 'd', [1], ends(Number.NaN)),
    ];
    assert.deepEqual(outliers(summarize(runs.slice(0, 3)), 0.1), ['c']);
    assert.deepEqual(outliers(summarize(runs.slice(0, 3)), 1.1), []);
    assert.deepEqual(outliers(summarize([runs[0]!, runs[1]!, runs[3]!]), 0.1), ['d']);
  });
});
