import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PeerResult, Workload } from '../../bench/peers.js';
import { median, outliers, type Run, summarize } from '../../bench/statistics.js';

function run(round: number, peer: string, seconds: number[], more: Partial<PeerResult> = {}): Run {
  const workload: Workload = 'mlp';
  const epochs = seconds.map((s) => ({ seconds: s, loss: 0.1, accuracy: 0.9 }));
  const result = { peer, versions: {}, workload, epochs, firstEpochSeconds: seconds[0]!, testAccuracy: 0.9 };
  return { round, wallSeconds: 30, result: { ...result, peakMemoryMiB: 100, ...more } };
}

describe('the benchmark', () => {
  it('takes the middle, or the mean of the two in the middle', () => {
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 2, 9]), 3);
  });

  it('leaves the first epoch out of the time of an epoch, and sorts the fastest first', () => {
    const [fast, slow] = summarize('mlp', [run(1, 'torch', [9, 4, 6]), run(1, 'cnn-node', [7, 1, 3])]);
    assert.deepEqual([fast!.peer, slow!.peer], ['cnn-node', 'torch']);
    assert.deepEqual(fast!.seconds, { median: 2, min: 1, max: 3 });
    assert.equal(fast!.firstEpochSeconds, 7);
  });

  it('takes the first epoch where there is no other, and the whole process where that is the workload', () => {
    assert.equal(summarize('mlp', [run(1, 'torch', [9])])[0]!.seconds.median, 9);
    assert.equal(summarize('process', [run(1, 'torch', [9, 4])])[0]!.seconds.median, 30);
  });

  it('takes ratios within a round, so that a disturbed round does not count twice', () => {
    const runs = [
      ...[run(1, 'cnn-node', [0, 1]), run(1, 'torch', [0, 2])],
      ...[run(2, 'cnn-node', [0, 10]), run(2, 'torch', [0, 20])],
      ...[run(3, 'cnn-node', [0, 1]), run(3, 'torch', [0, 2.5])],
    ];
    assert.equal(summarize('mlp', runs).find((s) => s.peer === 'torch')!.ratio, 0.5);
  });

  it('has no ratio without a run of cnn-node in the same round', () => {
    const runs = [run(1, 'cnn-node', [0, 1]), run(2, 'torch', [0, 2])];
    assert.equal(summarize('mlp', runs).find((s) => s.peer === 'torch')!.ratio, undefined);
  });

  it('names the peer whose loss is not that of the others', () => {
    const epochs = [{ seconds: 1, loss: 0.2, accuracy: 0.9 }];
    const runs = [run(1, 'a', [1]), run(1, 'b', [1]), run(1, 'c', [1], { epochs })];
    assert.deepEqual(outliers(summarize('mlp', runs)), ['c']);
  });
});
