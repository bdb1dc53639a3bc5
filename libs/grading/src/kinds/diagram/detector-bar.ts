import type { DetectorFigures } from '../../drawing.ports.js';

/** What a detector has to do on photos of others than it learnt from, before its word may ever count without a teacher: F1. */
export const detectorBar: DetectorFigures = { shapes: 0.9, arrows: 0.85 };

/** Whether a detector does what {@link detectorBar} asks for, by its card. */
export function meetsBar({ shapes, arrows }: DetectorFigures): boolean {
  return shapes >= detectorBar.shapes && arrows >= detectorBar.arrows;
}
