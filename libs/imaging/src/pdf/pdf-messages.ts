/** What is asked of the process that draws PDFs: to open the one at a path, once, and then to draw pages of it. */
export type PdfRequest = { readonly open: string } | { readonly draw: number };

/** Why a PDF is not opened. */
export type PdfTrouble = 'encrypted' | 'damaged';

/** What it answers. */
export type PdfAnswer =
  { readonly pages: number } | { readonly picture: Uint8Array } | { readonly trouble: PdfTrouble };
