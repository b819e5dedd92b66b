import type { Profile } from './profile.js';

/** Ops and spans that are told one by one. */
const SHOWN_OPS = 10;
const SHOWN_SPANS = 6;

/** A profile as lines for people. */
export function profileText(profile: Profile): string[] {
  const { steps, calls, time, timeBefore, cores, categories, idle, ops, layers, spans } = profile;
  const rows = layers
    .filter(({ forward, backward }) => forward + backward > 0)
    .map(({ layer, forward, backward }) => [ms(forward), ms(backward), layer]);
  const share = (part: number, whole = time) => `${Math.round((100 * part) / whole)} %`;
  return [
    `profile of ${steps} steps in ${calls} calls: ${ms(time)} ms a step (${ms(timeBefore)} before it was recorded)`,
    '',
    ...table(
      ['ms a step', '', 'ms of cores', 'goes to'],
      [
        ...categories.map(({ category, time: part, coreTime }) => [
          ms(part),
          share(part),
          ms(coreTime),
          category as string,
        ]),
        ['', '', ms(idle), `idle: ${share(idle, cores * time)} of ${cores} cores`],
        [ms(time), share(time), ms(cores * time), 'in all'],
      ],
    ),
    `processor time: ${ms(profile.processorTime)} ms a step`,
    '',
    ...table(
      ['ms a step', '', 'times', 'op'],
      ops
        .slice(0, SHOWN_OPS)
        .map(({ node, type, time: part, count }) => [
          ms(part),
          share(part),
          formatCount(count),
          `${node} (${type})`,
        ]),
    ),
    '',
    ...(rows.length === 0 ? [] : [...table(['forward', 'backward', 'layer'], rows), '']),
    ...table(
      ['ms a step', 'times', 'the program'],
      spans.slice(0, SHOWN_SPANS).map(({ name, time: part, count }) => [ms(part), formatCount(count), name]),
    ),
    '',
    `every event is in ${profile.traceFile}: open it in chrome://tracing or ui.perfetto.dev`,
  ];
}

/** Numbers on the right of their columns, the last column as it is. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all.map((row) =>
    row.map((cell, i) => (i === head.length - 1 ? cell : cell.padStart(widths[i]!))).join('  '),
  );
}

function ms(value: number): string {
  return value.toFixed(value < 10 ? 3 : 1);
}

function formatCount(count: number): string {
  return Number.isInteger(count) ? String(count) : count.toFixed(2);
}
