import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { divide, type Share } from '../../src/profile/timeline.js';
import type { NativeEvent } from '../../src/runtime/xspace.js';

const at = (name: string, start: number, end: number, more: Partial<NativeEvent> = {}): NativeEvent => ({
  name,
  start,
  end,
  ...more,
});
const thread = (...events: NativeEvent[]) => ({ name: 'thread', events });
const regionStart = (time: number, takes: string) =>
  at('ThreadpoolListener::StartRegion', time, time, { takes });
const regionStop = (time: number) => at('ThreadpoolListener::StopRegion', time, time);
const handOver = (time: number, gives: string) => at('ThreadpoolListener::Record', time, time, { gives });

function timesOf(shares: readonly Share[]): Record<string, [time: number, coreTime: number]> {
  const rounded = (value: number) => Number(value.toFixed(9));
  return Object.fromEntries(
    shares.map(({ activity, time, coreTime }) => [
      activity.op?.node ?? activity.category,
      [rounded(time), rounded(coreTime)],
    ]),
  );
}

describe('a stretch of time', () => {
  it('belongs to the program where no thread of TensorFlow does anything', () => {
    assert.deepEqual(timesOf(divide([], 10, 14, 2)), { host: [4, 4] });
  });

  it('belongs to what began last in a thread', () => {
    const one = thread(
      at('ExecutorState::Process', 0, 8),
      at('dense/MatMul_1:MatMul', 1, 5),
      at('ParallelFor', 2, 4),
      at('dense/Relu_2:Relu', 6, 7),
    );
    assert.deepEqual(timesOf(divide([one], 0, 10, 1)), {
      scheduling: [3, 3],
      'dense/MatMul_1': [4, 4],
      'dense/Relu_2': [1, 1],
      host: [2, 2],
    });
  });

  it('belongs in equal parts to threads that run at once, each on a core of its own while there are enough', () => {
    const threads = [thread(at('a:MatMul', 0, 4)), thread(at('b:Relu', 0, 4)), thread(at('c:Mul', 2, 4))];
    assert.deepEqual(timesOf(divide(threads, 0, 4, 2)), {
      a: [1.666666667, 3.333333333],
      b: [1.666666667, 3.333333333],
      c: [0.666666667, 1.333333333],
    });
  });

  it('belongs to scheduling where a call waits and nothing computes', () => {
    const caller = thread(at('EagerExecute', 0, 10));
    const worker = thread(at('a:MatMul', 2, 5));
    assert.deepEqual(timesOf(divide([caller, worker], 0, 10, 2)), { scheduling: [7, 7], a: [3, 3] });
  });

  it('belongs to the op whose work it is, though another thread does it, and hands parts of it on', () => {
    const first = thread(at('a:MatMul', 0, 6), handOver(1, '15:1'));
    const second = thread(regionStart(2, '15:1'), handOver(3, '15:2'), regionStop(5));
    const third = thread(regionStart(4, '15:2'), regionStop(6), regionStart(7, '15:9'), regionStop(8));
    assert.deepEqual(timesOf(divide([first, second, third], 0, 8, 4)), {
      a: [6, 11],
      host: [1, 1],
      scheduling: [1, 1],
    });
  });

  it('is cut off where the recording begins and ends', () => {
    const shares = divide([thread(at('a:MatMul', 0, 10))], 4, 6, 2);
    assert.deepEqual(timesOf(shares), { a: [2, 2] });
    assert.equal(shares[0]!.count, 0);
  });
});
