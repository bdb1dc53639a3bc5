import { composeSample, type Frame } from './compose-sample.js';
import type { Sample } from './sample.js';

/**
 * WebGazer is off by some 4° (K. Semmelmann & S. Weigelt, "Online webcam-based eye tracking in cognitive science: a
 * first look", 2018), and says nothing of it.
 */
const quality = 0.5;

/**
 * The sample of a prediction of WebGazer, in pixels of the viewport; null, as WebGazer says it, where it sees nobody.
 * Places outside the viewport count as its edge. The eye patches that come with a prediction are not read.
 */
export function sampleFromWebGazer(
  point: { readonly x: number; readonly y: number } | null,
  { t, viewport }: { readonly t: number; readonly viewport: Frame },
): Sample {
  if (point === null) return composeSample(t, { src: 'webgazer', face: false, q: 0 });
  const h = (2 * point.x) / viewport.width - 1;
  const v = 1 - (2 * point.y) / viewport.height;
  const onScreen = Math.abs(h) <= 1 && Math.abs(v) <= 1 ? 1 : 0;
  return composeSample(t, { src: 'webgazer', face: true, q: quality, gaze: [h, v, onScreen] });
}
