import { degrees, PDFDocument, rgb, StandardFonts } from 'pdf-lib';

/** A page of a PDF. */
export interface SheetPage {
  /** A JPEG or PNG picture that fills it, as scanners make it. */
  readonly picture?: Uint8Array;
  /** A line in print. */
  readonly text?: string;
  /** The path of a code (SVG, 330 units wide), which stands in the upper corner. */
  readonly code?: string;
  /** Points; A4 where nothing is said. */
  readonly size?: readonly [number, number];
  /** Degrees clockwise. */
  readonly turned?: number;
}

/** A PDF with these pages; one without anything on it is blank. */
export async function pdfOf(pages: readonly SheetPage[]): Promise<Buffer> {
  const pdf = await PDFDocument.create();
  const font = await pdf.embedFont(StandardFonts.Helvetica);
  for (const { picture, text, code, size = [595, 842], turned = 0 } of pages) {
    const page = pdf.addPage([...size] as [number, number]);
    page.setRotation(degrees(turned));
    if (picture !== undefined) {
      const image = picture[0] === 0x89 ? await pdf.embedPng(picture) : await pdf.embedJpg(picture);
      page.drawImage(image, { x: 0, y: 0, width: size[0], height: size[1] });
    }
    if (code !== undefined)
      page.drawSvgPath(code, { x: size[0] - 130, y: size[1] - 30, scale: 96 / 330, color: rgb(0, 0, 0) });
    if (text !== undefined) page.drawText(text, { x: 60, y: size[1] - 120, size: 24, font });
  }
  return Buffer.from(await pdf.save());
}

/**
 * A PDF that says that it has so many pages: all of them are one and the same.
 * @param more of the page, such as a size of its own
 */
export function repeatingPdf(pages: number, more = '/MediaBox [0 0 595 842]', content = ''): Buffer {
  const kids = '3 0 R '.repeat(pages);
  return assemble([
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${pages} >>`,
    `<< /Type /Page /Parent 2 0 R ${more} /Contents 4 0 R >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ]);
}

/** A PDF whose contents nobody can read without a password: the standard handler, with keys that fit none. */
export function encryptedPdf(): Buffer {
  const key = `<${'5a'.repeat(32)}>`;
  return assemble(
    ['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Kids [] /Count 0 >>'],
    `/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -44 /O ${key} /U ${key} >> /ID [<00> <00>]`,
  );
}

/** A PDF file of these objects, numbered from 1, of which the first is the catalogue. */
function assemble(objects: readonly string[], trailer = ''): Buffer {
  let text = '%PDF-1.7\n';
  const places = objects.map((object, index) => {
    const place = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, '0')} 00000 n \n`;
  });
  const start = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join('')}`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(text, 'latin1');
}
