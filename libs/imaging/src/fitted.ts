import type { Box } from './resample.js';

/** The largest box with the proportions of something, in the middle of a frame. Halves go up; a sliver keeps a pixel. */
export function fitted(of: { width: number; height: number }, frame: { width: number; height: number }): Box {
  const scale = Math.min(frame.width / of.width, frame.height / of.height);
  const side = (length: number, most: number): number => Math.min(most, Math.max(1, Math.floor(length * scale + 0.5)));
  const [width, height] = [side(of.width, frame.width), side(of.height, frame.height)];
  return { width, height, left: Math.floor((frame.width - width) / 2), top: Math.floor((frame.height - height) / 2) };
}
