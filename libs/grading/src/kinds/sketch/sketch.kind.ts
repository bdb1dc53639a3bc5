import { issuesOf, refuseInput } from '#libs/kernel';
import { strokesSchemaFor } from '../../model/marks.js';
import type { WorkKind } from '../kind.js';
import { gradeSketch } from './grade-sketch.js';
import { shapeId, sketchSchema, type Sketch } from './sketch.js';

/** A drawing of one thing. */
export const sketch: WorkKind<Sketch> = {
  schema: sketchSchema,
  answeredBy: 'strokes',
  readMarks({ canvas }, marks) {
    const parsed = strokesSchemaFor(canvas).safeParse(marks);
    return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'marks'));
  },
  blank: (specification) => gradeSketch(specification, []).criteria,
  criterionType: (_, id) => (id === shapeId ? 'shape' : 'stroke'),
  hintsFor: ({ hints, parts }, id) => (id === shapeId ? hints : (parts.find((part) => part.id === id)?.hints ?? null)),
};
