// All that is read of one sheet.
import { withMats } from '../photo/load-open-cv.js';
import type { Mat, OpenCv } from '../photo/open-cv.js';
import { qualityOf } from '../photo/quality.js';
import { wholeView } from '../photo/view.js';
import { findInk } from './find-ink.js';
import { findLabels } from './find-labels.js';
import { findTemplate } from './find-template.js';
import { applied } from './homography.js';
import type { GreyPicture, LineReader, ReadCharacter } from './load-tesseract.js';
import type { SheetFindings, SheetPhotos } from './messages.js';

/** Labels that are read at most: what has more is no sheet of labels. */
const mostLabels = 80;
/** How tall letters are made to be read, in pixels, and how much that may enlarge them: the networks were trained at about this size. */
const letters = { height: 36, enlarged: 3 } as const;

/** Finds the template, takes it away, and reads what is left. */
export function readSheet(cv: OpenCv, reader: LineReader, { photo, template }: SheetPhotos): SheetFindings {
  const quality = qualityOf(cv, wholeView(cv, photo));
  return withMats((keep) => {
    const grey = ({ width, height, data }: SheetPhotos['photo']): Mat => {
      const colours = keep(cv.matFromArray(height, width, cv.CV_8UC3, data));
      const mat = keep(new cv.Mat());
      cv.cvtColor(colours, mat, cv.COLOR_RGB2GRAY);
      return mat;
    };
    const [seen, known] = [grey(photo), grey(template)];
    const found = findTemplate(cv, seen, known);
    if (found === null) return { kind: 'template-missing', quality };
    const flat = findInk(cv, seen, known, found.toPhoto);
    const labels = findLabels(cv, flat).slice(0, mostLabels);
    return {
      kind: 'sheet-read',
      quality,
      toPhoto: found.toPhoto,
      labels: labels.map(({ box: { left, top, right, bottom }, ends, crop, size }) => {
        const corners = [
          [left, top],
          [right, top],
          [right, bottom],
          [left, bottom],
        ] as const;
        const onTemplate = corners.map((corner) => applied(flat.toTemplate, corner));
        return {
          outline: corners.map((corner) => rounded(applied(flat.toPhoto, corner))),
          box: { left: onTemplate[0]![0], top: onTemplate[0]![1], right: onTemplate[2]![0], bottom: onTemplate[2]![1] },
          ends: ends.map((end) => rounded(applied(flat.toTemplate, end))),
          characters: crop === null ? [] : read(cv, reader, crop, size),
        };
      }),
    };
  });
}

function read(
  cv: OpenCv,
  reader: LineReader,
  { width, height, data }: GreyPicture,
  letterHeight: number,
): ReadCharacter[] {
  return withMats((keep) => {
    const share = Math.min(letters.enlarged, letters.height / letterHeight);
    const crop = keep(cv.matFromArray(height, width, cv.CV_8UC1, data));
    const sized = keep(new cv.Mat());
    const size = new cv.Size(Math.max(1, Math.round(width * share)), Math.max(1, Math.round(height * share)));
    cv.resize(crop, sized, size, 0, 0, share < 1 ? cv.INTER_AREA : cv.INTER_LINEAR);
    return reader.read({ width: size.width, height: size.height, data: Uint8Array.from(sized.data) });
  });
}

function rounded([x, y]: readonly [number, number]): [number, number] {
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
}
