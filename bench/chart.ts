/** The results as a picture: a group of horizontal bars for each workload, one bar a peer, as SVG. */
import { type Section, titles } from './report.js';

const WIDTH = 760;
const LEFT = 170;
const RIGHT = 90;
const ROW = 22;
const HEAD = 40;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function group({ workload, summaries }: Section, top: number): string[] {
  const longest = Math.max(...summaries.map((s) => s.seconds.median));
  const scale = (WIDTH - LEFT - RIGHT) / longest;
  const unit = workload === 'process' ? 'seconds' : 'seconds an epoch';
  const parts = [
    `<text x="8" y="${top + 26}" class="title">${escaped(`${titles[workload]}, ${unit}`)}</text>`,
  ];
  summaries.forEach(({ peer, seconds }, i) => {
    const y = top + HEAD + i * ROW;
    const width = Math.max(1, seconds.median * scale).toFixed(1);
    const kind = peer.startsWith('cnn-node') ? 'ours' : 'peer';
    parts.push(
      `<text x="${LEFT - 8}" y="${y + 14}" text-anchor="end">${escaped(peer)}</text>`,
      `<rect x="${LEFT}" y="${y + 2}" width="${width}" height="${ROW - 6}" rx="2" class="${kind}"/>`,
      `<text x="${LEFT + Number(width) + 6}" y="${y + 14}">${seconds.median.toPrecision(3)}</text>`,
    );
  });
  return parts;
}

export function chart(sections: readonly Section[]): string {
  const parts: string[] = [];
  let top = 0;
  for (const section of sections.filter((s) => s.summaries.length > 0)) {
    parts.push(...group(section, top));
    top += HEAD + section.summaries.length * ROW + 12;
  }
  const style =
    'text{font:13px sans-serif;fill:#24292f}.title{font-weight:600}.ours{fill:#d9480f}.peer{fill:#8aa4c8}';
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${top}" width="${WIDTH}" height="${top}">`,
    `<style>${style}</style><rect width="100%" height="100%" fill="#fff"/>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}
