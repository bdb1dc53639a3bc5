import { strokesSchemaFor } from '../../model/marks.js';
import { writtenMarksSchema } from '../../model/written-marks.js';
import type { WorkKind } from '../kind.js';
import { gradeSketch } from './grade-sketch.js';
import { shapeId, sketchSchema, type Sketch } from './sketch.js';

/** A drawing of one thing. */
export const sketch: WorkKind<Sketch> = {
  schema: sketchSchema,
  answeredBy: 'strokes',
  drawn: ({ canvas }) => strokesSchemaFor(canvas),
  written: () => writtenMarksSchema([]),
  blank: (specification) => gradeSketch(specification, []).criteria,
  criterionType: (_, id) => (id === shapeId ? 'shape' : 'stroke'),
  hintsFor: ({ hints, parts }, id) => (id === shapeId ? hints : (parts.find((part) => part.id === id)?.hints ?? null)),
};
