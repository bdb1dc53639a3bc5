import { z } from 'zod';
import { markLimits } from '#libs/kernel';

const coordinate = z.number().min(-markLimits.coordinate).max(markLimits.coordinate);
const extent = z.number().positive().max(markLimits.coordinate);
const point = z.tuple([coordinate, coordinate]);
const timedPoint = z.tuple([coordinate, coordinate, z.number().min(0).optional()]);

/** Where a mark was drawn, in image pixels: `x` to the right, `y` down. */
export const drawnShapeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('point'), x: coordinate, y: coordinate }),
  z.strictObject({ kind: z.literal('box'), x: coordinate, y: coordinate, width: extent, height: extent }),
  z.strictObject({ kind: z.literal('polygon'), points: z.array(point).min(3).max(markLimits.corners) }),
  z.strictObject({ kind: z.literal('stroke'), points: z.array(timedPoint).min(1).max(markLimits.strokePoints) }),
]);
export type DrawnShape = z.infer<typeof drawnShapeSchema>;

const name = z.string().min(1).max(markLimits.id);
const quantity = z.number().min(-1e9).max(1e9);

/** What is told in words instead: see `written-marks.ts`. */
export const writtenShapeSchema = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('place'), place: name })
    .describe('A place of the picture, by the name that the form gives it; the label says what is there.'),
  z
    .strictObject({ kind: z.literal('figure'), type: name })
    .describe('A figure of a diagram; the label is what is written in it.'),
  z
    .strictObject({ kind: z.literal('arrow'), from: name, to: name })
    .describe('An arrow between two figures, by the ids of their marks.'),
  z.strictObject({ kind: z.literal('value'), x: quantity, y: quantity }).describe('A point of a curve, on its axes.'),
  z
    .strictObject({ kind: z.literal('reading'), of: name, value: quantity })
    .describe('What was counted or read for a criterion, in its unit.'),
  z
    .strictObject({ kind: z.literal('text'), text: z.string().trim().min(1).max(markLimits.text) })
    .describe('A description, which a teacher reads.'),
]);
export type WrittenShape = z.infer<typeof writtenShapeSchema>;

const markShapeSchema = z.discriminatedUnion('kind', [drawnShapeSchema, writtenShapeSchema]);
export type MarkShape = DrawnShape | WrittenShape;

/**
 * One label that a learner has put on a picture, one stroke that she drew, or one thing that she told in words. An empty label is a
 * place without a name.
 */
export const markSchema = z.strictObject({
  id: z.string().min(1).max(markLimits.id),
  label: z.string().trim().max(markLimits.label),
  shape: markShapeSchema,
});
export type Mark = z.infer<typeof markSchema>;

/** A learner's labelled picture, or her drawing: up to {@link markLimits} marks, each with its own id. */
export const marksSchema = z
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
      if (!['point', 'box', 'polygon'].includes(shape.kind))
        context.addIssue({ code: 'custom', message, path: [index, 'shape', 'kind'] });
    });
  });
}

/** Strokes on one canvas, and labels that were put on it beside them: at points, in boxes or in polygons. */
export function labelledStrokesSchemaFor(canvas: Surface): z.ZodType<Marks> {
  return marksSchemaFor(canvas).superRefine((marks, context) => {
    marks.forEach(({ shape }, index) => {
      const message = 'a diagram is drawn by strokes, points, boxes and polygons, or told by figures and arrows';
      if (isWrittenShape(shape)) context.addIssue({ code: 'custom', message, path: [index, 'shape', 'kind'] });
    });
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

const writtenKinds: readonly string[] = writtenShapeSchema.options.map((option) => option.shape.kind.value);

/** Whether a shape is told in words. */
export function isWrittenShape(shape: { readonly kind: string }): shape is WrittenShape {
  return writtenKinds.includes(shape.kind);
}

/** The outline of a shape: one corner for a point, four for a box; of a stroke its places, and of what is told in words none. */
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
    default:
      return [];
  }
}
