// All that is measured of one photo.
import { meanColour } from './colour.js';
import { findNeedle, measureLength } from './needle.js';
import { qualityOf } from './quality.js';
import { countThings } from './things.js';
import { framedView, maskOf, onPicture, pixelsOf, wholeView } from './view.js';
import type { OpenCv } from './open-cv.js';
import type { ColourTask, Photo, PhotoFinding, PhotoQuality, PhotoRequest, View } from './messages.js';

export function measurePhoto(
  cv: OpenCv,
  photo: Photo,
  { frame, tasks }: PhotoRequest,
  limits: { outlines: number; corners: number },
):
  | { kind: 'measured'; quality: PhotoQuality; findings: PhotoFinding[] }
  | { kind: 'frame-missing'; quality: PhotoQuality; found: number } {
  const whole = wholeView(cv, photo);
  const quality = qualityOf(cv, whole);
  const view = frame === null ? whole : framedView(cv, photo, frame.aspect);
  if ('found' in view) return { kind: 'frame-missing', quality, found: view.found };
  const findings = tasks.map((task) => {
    switch (task.kind) {
      case 'count':
        return countThings(cv, view, task, limits);
      case 'colour':
        return takeColour(view, task);
      case 'needle':
        return findNeedle(view, task);
      case 'length':
        return measureLength(cv, view, task);
    }
  });
  return { kind: 'measured', quality, findings };
}

function takeColour(view: View, { region }: ColourTask): PhotoFinding {
  const outline = pixelsOf(view, region);
  const mask = maskOf(view, outline);
  const mean = meanColour(view, (at) => mask[at] === 255);
  return mean === null ? { kind: 'nothing' } : { kind: 'colour', ...mean, outline: onPicture(view, outline) };
}
