export { pictureLimits } from './decode-picture.js';
export { ProcessDecoder, type DecoderOptions } from './decoding/process-decoder.js';
export * from './decoding/process-picture.cleaner.js';
export * from './sharp-picture.looks.js';
export * from './sharp-picture.reader.js';
export { OpenCvPhotoMeasurer, type PhotoMeasurerOptions } from './photo/open-cv-photo.measurer.js';
export { TesseractSheetReader, type SheetReaderOptions } from './sheet/tesseract-sheet.reader.js';
export * from './pages/sharp-page.reader.js';
export { ProcessPdfRenderer, type PdfLimits } from './pdf/process-pdf.renderer.js';
