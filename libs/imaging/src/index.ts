export * from './drawing/model-drawing.detector.js';
export { photograph, someCamera, type Camera, type Photograph } from './drawing/photograph.js';
export { overlap, thresholds, type Thresholds } from './drawing/read-maps.js';
export { pictureLimits } from './decode-picture.js';
export { ProcessDecoder, type DecoderOptions } from './decoding/process-decoder.js';
export * from './decoding/process-picture.cleaner.js';
export * from './sharp-picture.looks.js';
export * from './sharp-picture.reader.js';
export { OpenCvPhotoMeasurer, type PhotoMeasurerOptions } from './photo/open-cv-photo.measurer.js';
