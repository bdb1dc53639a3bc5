import { z } from 'zod';
import { markLimits } from '#libs/kernel';

const coordinate = z.number().min(-markLimits.coordinate).max(markLimits.coordinate);
const extent = z.number().positive().max(markLimits.coordinate);
const point = z.tuple([coordinate, coordinate]);
const timedPoint = z.tuple([coordinate, coordinate, z.number().min(0).optional()]);

/** Where a mark is, in image pixels: `x` to the right, `y` down. */
export const markShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('point'), x: coordinate, y: coordinate }),
  z.strictObject({ kind: z.literal('box'), x: coordinate, y: coordinate, width: extent, height: extent }),
  z.strictObject({ kind: z.literal('polygon'), points: z.array(point).min(3).max(markLimits.corners) }),
  z.strictObject({ kind: z.literal('stroke'), points: z.array(timedPoint).min(1).max(markLimits.strokePoints) }),
]);
export type MarkShape = z.infer<typeof markShapeSchema>;

/** One label that a learner has put on a picture, or one stroke that she drew. An empty label is a place without a name. */
export const markSchema = z.strictObject({
  id: z.string().min(1).max(markLimits.id),
  label: z.string().trim().max(markLimits.label),
  shape: markShapeSchema,
});
export type Mark = z.infer<typeof markSchema>;

/** A learner's labelled picture, or her drawing: up to {@link markLimits} marks, each with its own id. */
const marksSchema = z
  .array(markSchema)
  .max(markLimits.strokes)
  .superRefine((marks, context) => {
    const seen = new Set<string>();
    marks.forEach((mark, index) => {
      if (seen.has(mark.id)) {
        context.addIssue({ code: 'custom', message: `Two marks have the id "${mark.id}".`, path: [index, 'id'] });
      }
      seen.add(mark.id);
    });
  });
export type Marks = z.infer<typeof marksSchema>;

/** A picture or a canvas, in pixels. */
interface Surface {
  readonly width: number;
  readonly height: number;
}

/** Labels on one picture: at points, in boxes or in polygons. */
export function labelsSchemaFor(picture: Surface): z.ZodType<Marks> {
  return marksSchemaFor(picture).superRefine((marks, context) => {
    if (marks.length > markLimits.marks) {
      context.addIssue({ code: 'custom', message: `has more than ${markLimits.marks} labels`, path: [] });
    }
    marks.forEach(({ shape }, index) => {
      const message = 'a label is put on a point, a box or a polygon';
      if (shape.kind === 'stroke') context.addIssue({ code: 'custom', message, path: [index, 'shape', 'kind'] });
    });
  });
}

/** Strokes on one canvas, and labels that were put on it beside them: at points, in boxes or in polygons. */
export function labelledStrokesSchemaFor(canvas: Surface): z.ZodType<Marks> {
  return marksSchemaFor(canvas).superRefine((marks, context) => {
    const labels = marks.filter(({ shape }) => shape.kind !== 'stroke');
    if (labels.length > markLimits.marks) {
      context.addIssue({ code: 'custom', message: `has more than ${markLimits.marks} labels`, path: [] });
    }
    if (countPoints(marks) > markLimits.points) {
      context.addIssue({ code: 'custom', message: `has more than ${markLimits.points} points`, path: [] });
    }
  });
}

/** Strokes on one canvas. */
export function strokesSchemaFor(canvas: Surface): z.ZodType<Marks> {
  return marksSchemaFor(canvas).superRefine((marks, context) => {
    marks.forEach(({ shape }, index) => {
      const message = 'a drawing is made of strokes';
      if (shape.kind !== 'stroke') context.addIssue({ code: 'custom', message, path: [index, 'shape', 'kind'] });
    });
    if (countPoints(marks) > markLimits.points) {
      context.addIssue({ code: 'custom', message: `has more than ${markLimits.points} points`, path: [] });
    }
  });
}

/** Points of all strokes. */
function countPoints(marks: Marks): number {
  return marks.reduce((sum, { shape }) => sum + (shape.kind === 'stroke' ? shape.points.length : 0), 0);
}

/** Marks on one surface: every one has to lie on it, give or take the margin of {@link markLimits}. */
function marksSchemaFor(image: Surface): z.ZodType<Marks> {
  const margin = markLimits.margin * Math.max(image.width, image.height);
  const outside = (x: number, y: number): boolean =>
    x < -margin || y < -margin || x > image.width + margin || y > image.height + margin;
  return marksSchema.superRefine((marks, context) => {
    marks.forEach((mark, index) => {
      if (cornersOf(mark.shape).some(([x, y]) => outside(x, y))) {
        const message = `The mark "${mark.id}" lies outside the ${image.width} × ${image.height} picture.`;
        context.addIssue({ code: 'custom', message, path: [index, 'shape'] });
      }
    });
  });
}

/** The outline of a shape: one corner for a point, four for a box; of a stroke its places. */
export function cornersOf(shape: MarkShape): [number, number][] {
  switch (shape.kind) {
    case 'point':
      return [[shape.x, shape.y]];
    case 'box': {
      const { x, y, width, height } = shape;
      return [
        [x, y],
        [x + width, y],
        [x + width, y + height],
        [x, y + height],
      ];
    }
    case 'polygon':
      return shape.points;
    case 'stroke':
      return shape.points.map(([x, y]) => [x, y]);
  }
}
