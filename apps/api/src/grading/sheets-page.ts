import { renderSVG } from 'uqr';
import type { SheetsToPrint } from '#libs/grading';

/** A picture that all sheets show. */
export interface SheetPicture {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/**
 * Sheets as a page of HTML that needs nothing else: one sheet of paper for each learner, with title, name and code, and the picture that
 * is written on. The picture stands in it once, however many sheets there are.
 */
export function sheetsPage({ title, language, sheets }: SheetsToPrint, picture: SheetPicture | null): string {
  const ground = picture === null ? 'border: 1px solid #999' : `background-image: url(${dataUrlOf(picture)})`;
  const pages = sheets.map(
    ({ name, code }) => `<section><header><div><h1>${escaped(title)}</h1><p>${escaped(name)}</p></div>
${renderSVG(code, { ecc: 'M', border: 4 })}</header><div class="work"></div></section>`,
  );
  return `<!doctype html>
<html lang="${escaped(language)}"><head><meta charset="utf-8"><title>${escaped(title)}</title><style>
@page { size: A4; margin: 12mm }
body { margin: 0; font: 12pt system-ui, sans-serif }
section { display: flex; flex-direction: column; height: 272mm; break-after: page }
header { display: flex; justify-content: space-between }
header svg { width: 34mm; height: 34mm }
h1 { font-size: 14pt }
.work { flex: 1; background: no-repeat center / contain; print-color-adjust: exact; ${ground} }
</style></head><body>
${pages.join('\n')}
</body></html>
`;
}

function dataUrlOf({ mediaType, bytes }: SheetPicture): string {
  return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (letter) => entities[letter]!);
}
