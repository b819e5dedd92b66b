import { encodePng, enlarge, type Image } from './image.js';
import { svg, text } from './svg.js';

/** A picture with a line of text. */
export interface Captioned {
  /** What to show. */
  readonly picture: Image;
  /** The words beside it. */
  readonly caption: string;
}

const GAP = 12;
/** Height of a caption, and about the widths of its letters and of the title's. */
const LINE = 18;
const LETTER = 6.5;
const BOLD = 8;

/**
 * Pictures with their captions as one SVG document that needs no other file, in rows.
 *
 * @param pictures what to show, in this order
 * @param options how
 * @param options.title above all
 * @param options.scale pixels of the document for each of a picture, a whole number
 * @param options.width of the document
 */
export function svgPictures(
  pictures: readonly Captioned[],
  { title, scale = 1, width = 960 }: { title: string; scale?: number; width?: number },
): string {
  const parts = [text(GAP, 20, 'start', title, 'font-weight="bold"')];
  let [x, y, rowHeight, right] = [GAP, 34, 0, 2 * GAP + title.length * BOLD];
  for (const { picture, caption } of pictures) {
    const [wide, high] = [picture.width * scale, picture.height * scale];
    const taken = Math.max(wide, caption.length * LETTER);
    if (x > GAP && x + taken > width - GAP) [x, y, rowHeight] = [GAP, y + rowHeight + GAP, 0];
    parts.push(text(x, y + 12, 'start', caption), embedded(picture, scale, x, y + LINE));
    rowHeight = Math.max(rowHeight, high + LINE);
    x += taken + GAP;
    right = Math.max(right, x);
  }
  return svg(Math.ceil(right), Math.ceil(y + rowHeight + GAP), title, parts);
}

/** Already enlarged, since not every program that draws SVG keeps the edges of pixels sharp. */
function embedded(picture: Image, scale: number, x: number, y: number): string {
  const large = enlarge(picture, scale);
  const data = Buffer.from(encodePng(large)).toString('base64');
  const place = `x="${x}" y="${y}" width="${large.width}" height="${large.height}"`;
  // The outline tells a picture that is white at its edges from the page.
  return `<image ${place} href="data:image/png;base64,${data}"/><rect ${place} fill="none" stroke="#ccc"/>`;
}
