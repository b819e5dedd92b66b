import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { chart } from '../../bench/chart.js';
import type { PeerResult } from '../../bench/peers.js';
import { readmeTable, writeReadme } from '../../bench/readme.js';
import { machineLine, report, sections } from '../../bench/report.js';
import type { Run } from '../../bench/statistics.js';
import {
  emptyResults,
  findRun,
  forget,
  type Results,
  readResults,
  stemOf,
  writeResults,
} from '../../bench/store.js';

function run(peer: string, round: number, loss: number): Run {
  const result: PeerResult = {
    ...{ peer, versions: { [peer]: '1.2' }, workload: 'mlp', peakMemoryMiB: 100, testAccuracy: 0.9 },
    epochs: [2, 1].map((seconds) => ({ seconds, loss, accuracy: 0.9 })),
  };
  return { round, wallSeconds: 3, result };
}

const size = { samples: 1000, epochs: 2 };

function someResults(): Results {
  const results = emptyResults('2026-01-02', 'a machine');
  results.sizes.mlp = size;
  results.runs.mlp = [
    run('cnn-node', 1, 0.1),
    run('torch', 1, 0.1),
    run('odd', 1, 0.3),
    run('torch', 2, 0.1),
  ];
  results.skipped['pandas, load'] = 'not here';
  return results;
}

describe('results', () => {
  it('come back from their file', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-'));
    const file = path.join(folder, 'results', 'day.json');
    assert.equal(readResults(file), undefined);
    writeResults(file, someResults());
    assert.deepEqual(readResults(file), someResults());
    rmSync(folder, { recursive: true });
  });

  it('are a file for each day and machine', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-'));
    const stem = (machine: string) => path.relative(folder, stemOf(folder, '2026-01-02', machine));
    assert.equal(stem('a machine'), '2026-01-02');
    writeResults(path.join(folder, '2026-01-02.json'), someResults());
    assert.equal(stem('a machine'), '2026-01-02');
    assert.equal(stem('another'), '2026-01-02-2');
    rmSync(folder, { recursive: true });
  });

  it('say how busy the machine was', () => {
    const line = (busyBefore?: number) =>
      machineLine({ ...someResults(), ...(busyBefore !== undefined && { busyBefore }) });
    assert.equal(line(), 'a machine');
    assert.equal(line(0.014), 'a machine; 1 % busy before the start');
    assert.match(line(0.5), /50 % busy .*no measurement/);
  });

  it('keep what is not measured anew, unless the size differs', () => {
    const results = someResults();
    forget(results, 'mlp', ['torch'], size);
    assert.deepEqual(
      results.runs.mlp?.map(({ result }) => result.peer),
      ['cnn-node', 'odd'],
    );
    assert.equal(findRun(results, 'mlp', 'torch', 2), undefined);
    assert.equal(findRun(results, 'mlp', 'odd', 1)?.wallSeconds, 3);
    forget(results, 'mlp', [], { ...size, samples: 10 });
    assert.deepEqual(results.runs.mlp, []);
  });

  it('are told with those that had another loss, and what was not measured', () => {
    const text = report(someResults());
    for (const told of [
      'Another loss',
      'odd',
      '1.00 times',
      '- pandas, load: not here',
      'torch 1.2',
      '2 rounds',
    ])
      assert.ok(text.includes(told), `${told} in ${text}`);
    assert.match(chart(sections(someResults())), /^<svg .*>torch<.*<\/svg>\n$/s);
  });

  it('fill the table of a README between its marks', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'cnn-node-'));
    const file = path.join(folder, 'README.md');
    writeFileSync(file, 'before\n<!-- bench -->\nold\n<!-- /bench -->\nafter\n');
    writeReadme(file, someResults());
    const text = readFileSync(file, 'utf8');
    assert.equal(text, `before\n<!-- bench -->\n\n${readmeTable(someResults())}\n\n<!-- /bench -->\nafter\n`);
    assert.match(text, /\| +\| cnn-node \| odd \| torch \|/);
    writeFileSync(file, 'no marks');
    assert.throws(() => writeReadme(file, someResults()));
    rmSync(folder, { recursive: true });
  });
});
