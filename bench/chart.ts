/** The results as a picture: a group of horizontal bars for each workload, one bar a peer, as SVG. */
import { escapeXml, svg } from '../src/report/svg.js';
import type { Section } from './report.js';

const WIDTH = 760;
const LEFT = 170;
const RIGHT = 90;
const ROW = 22;
const HEAD = 40;

interface Bar {
  readonly peer: string;
  readonly value: number;
}

interface Group {
  readonly title: string;
  readonly bars: readonly Bar[];
}

/** A group for each thing that was measured. */
function groups({ title, summaries }: Section): Group[] {
  const names = [...new Set(summaries.flatMap(({ measures }) => measures.map(({ name }) => name)))];
  return names.map((name) => ({
    title: `${title}: ${name}`,
    bars: summaries
      .flatMap(({ peer, measures }) => {
        const measure = measures.find((each) => each.name === name);
        return measure === undefined ? [] : [{ peer, value: measure.spread.median }];
      })
      .sort((a, b) => a.value - b.value),
  }));
}

function draw({ title, bars }: Group, top: number): string[] {
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(...bars.map(({ value }) => value));
  const parts = [`<text x="8" y="${top + 26}" class="title">${escapeXml(title)}</text>`];
  bars.forEach(({ peer, value }, i) => {
    const y = top + HEAD + i * ROW;
    const width = Math.max(1, value * scale).toFixed(1);
    const kind = peer.startsWith('cnn-node') ? 'ours' : 'peer';
    parts.push(
      `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${escapeXml(peer)}</text>`,
      `<rect x="${LEFT}" y="${y + 2}" width="${width}" height="${ROW - 6}" rx="2" class="${kind}"/>`,
      `<text x="${LEFT + Number(width) + 6}" y="${y + 14}">${Number(value.toPrecision(3))}</text>`,
    );
  });
  return parts;
}

export function chart(sections: readonly Section[]): string {
  const parts: string[] = [];
  let top = 0;
  for (const group of sections.flatMap(groups)) {
    parts.push(...draw(group, top));
    top += HEAD + group.bars.length * ROW + 12;
  }
  const style =
    'text{font:13px sans-serif;fill:#24292f}.title{font-weight:600}.ours{fill:#d9480f}.peer{fill:#8aa4c8}';
  return svg(WIDTH, top, 'Benchmarks: medians of each peer; shorter bars are better', [
    `<style>${style}</style>`,
    ...parts,
  ]);
}
