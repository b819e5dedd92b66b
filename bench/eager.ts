/** What one eager op costs, against the stock addon of tfjs-node. */
import path from 'node:path';
import { stockAddon } from './environment.js';
import { finish } from './processes.js';
import { median } from './statistics.js';

type Microseconds = Readonly<Record<string, number>>;

export interface EagerRow {
  readonly op: string;
  readonly ours: number;
  readonly stock: number;
  readonly ratio: number;
}

/** Both sides in turn, `rounds` times; medians of each op, and of the ratio within a round. */
export async function measureEager(
  root: string,
  rounds: number,
  calls: number,
): Promise<EagerRow[] | { missing: string }> {
  const addon = await stockAddon(root);
  if ('missing' in addon) return addon;
  const command = {
    program: process.execPath,
    args: [path.join(root, 'bench', 'peers', 'eager.mjs'), '--calls', String(calls)],
    env: {},
  };
  const pairs: { ours: Microseconds; stock: Microseconds }[] = [];
  for (let round = 0; round < rounds; round++) {
    const { result: ours } = await finish<Microseconds>(command, command.args);
    const { result: stock } = await finish<Microseconds>(command, [...command.args, '--addon', addon.path]);
    pairs.push({ ours, stock });
  }
  return Object.keys(pairs[0]!.ours).map((op) => ({
    op,
    ours: median(pairs.map((pair) => pair.ours[op]!)),
    stock: median(pairs.map((pair) => pair.stock[op]!)),
    ratio: median(pairs.map((pair) => pair.ours[op]! / pair.stock[op]!)),
  }));
}
