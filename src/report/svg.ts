/** An SVG document with a white background. @param title what it is, for those who don't see it */
export function svg(width: number, height: number, title: string, parts: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(title)}</title>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

/** A line of text; special characters are escaped. */
export function text(
  x: number,
  y: number,
  anchor: 'start' | 'middle' | 'end',
  content: string,
  attributes = '',
): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}" ${attributes}>${escapeXml(content)}</text>`;
}

/** For the text of XML and HTML, and for attributes. */
export function escapeXml(content: string): string {
  return content.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
