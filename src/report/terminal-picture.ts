import type { Image } from './image.js';

/** How many colours a terminal shows, in bits, as Node's `stream.getColorDepth()` says; 1 is none. */
export type ColorDepth = number;

/**
 * A picture as lines for a terminal, two rows of pixels a line: the upper half of a character cell is drawn by the
 * glyph ▀, the lower by the cell's background. Without colours, what is lighter than half becomes solid.
 *
 * @param depth 24 and more: true colours; 8: the 24 grays of the 256 colours; less: none
 */
export function drawPicture({ width, height, channels, data }: Image, depth: ColorDepth): string[] {
  const rgbAt = (x: number, y: number): Rgb => {
    if (y >= height) return [0, 0, 0];
    const at = (y * width + x) * channels;
    return channels === 3 ? [data[at]!, data[at + 1]!, data[at + 2]!] : [data[at]!, data[at]!, data[at]!];
  };
  const cell = depth >= 24 ? trueColourCell : depth >= 8 ? grayCell : plainCell;
  const lines = [];
  for (let y = 0; y < height; y += 2) {
    let line = '';
    let last = '';
    for (let x = 0; x < width; x++) {
      const { style, glyph } = cell(rgbAt(x, y), rgbAt(x, y + 1));
      if (style !== last) line += style;
      last = style;
      line += glyph;
    }
    lines.push(last === '' ? line.trimEnd() : `${line}\x1b[0m`);
  }
  return lines;
}

type Rgb = readonly [red: number, green: number, blue: number];

interface Cell {
  readonly style: string;
  readonly glyph: string;
}

function trueColourCell(upper: Rgb, lower: Rgb): Cell {
  return { style: `\x1b[38;2;${upper.join(';')};48;2;${lower.join(';')}m`, glyph: '▀' };
}

function grayCell(upper: Rgb, lower: Rgb): Cell {
  // Colours 232 to 255 are grays, dark to light.
  const gray = (colour: Rgb) => 232 + Math.round((brightness(colour) / 255) * 23);
  return { style: `\x1b[38;5;${gray(upper)};48;5;${gray(lower)}m`, glyph: '▀' };
}

function plainCell(upper: Rgb, lower: Rgb): Cell {
  const [top, bottom] = [brightness(upper) > 127, brightness(lower) > 127];
  return { style: '', glyph: top ? (bottom ? '█' : '▀') : bottom ? '▄' : ' ' };
}

/** Luma of ITU-R BT.601. */
function brightness([red, green, blue]: Rgb): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** Blocks of lines side by side, each with a heading above it, as many in a row as fit the width. */
export function sideBySide(
  blocks: readonly { readonly heading: string; readonly lines: readonly string[]; readonly width: number }[],
  columns: number,
): string[] {
  const rows: string[] = [];
  for (let first = 0; first < blocks.length; ) {
    let last = first;
    let used = 0;
    do used += blocks[last++]!.width + 2;
    while (last < blocks.length && used + blocks[last]!.width <= columns);
    const row = blocks.slice(first, last);
    if (first > 0) rows.push('');
    rows.push(
      row
        .map(({ heading, width }) => heading.slice(0, width).padEnd(width))
        .join('  ')
        .trimEnd(),
    );
    for (let i = 0; i < Math.max(...row.map(({ lines }) => lines.length)); i++) {
      rows.push(
        row
          .map(({ lines, width }) => pad(lines[i] ?? '', width))
          .join('  ')
          .trimEnd(),
      );
    }
    first = last;
  }
  return rows;
}

/** To a visible width: escape sequences take no room. */
function pad(line: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins a sequence
  const visible = line.replace(/\x1b\[[\d;]*m/g, '').length;
  return line + ' '.repeat(Math.max(0, width - visible));
}
