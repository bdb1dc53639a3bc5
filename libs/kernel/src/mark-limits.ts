/** Pixels that a picture to label may be wide or high. */
const imageSide = 20_000;
/** How far outside the picture a mark may reach, as a share of the picture's longer side: a finger slips. */
const margin = 0.1;

/** What labelled work may hold, on the wire and where it is graded: every point of a picture can be marked. */
export const markLimits = {
  imageSide,
  margin,
  /** Pixels, to either side of the origin. */
  coordinate: imageSide + Math.ceil(imageSide * margin),
  marks: 200,
  /** Of one drawing. */
  strokes: 2_000,
  /** Of one stroke. */
  strokePoints: 20_000,
  /** Of all strokes of a drawing. */
  points: 200_000,
  /** Of one polygon. */
  corners: 200,
  /** Characters. */
  label: 120,
  id: 64,
  /** Characters of what is told in words, in place of a drawing. */
  text: 4_000,
} as const;
