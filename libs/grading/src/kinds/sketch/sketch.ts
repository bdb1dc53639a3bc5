import { z } from 'zod';
import { markLimits } from '#libs/kernel';
import { hintsSchema } from '../../model/hints.js';

const label = z.string().trim().min(1).max(200);
const points = z.number().positive().max(100);
const skill = z.string().min(1).max(64);
const side = z.number().positive().max(markLimits.imageSide);

const place = z.tuple([z.number(), z.number()]);
const drawingSchema = z
  .array(z.array(place).min(1, 'a stroke has at least one place').max(1_000))
  .min(1, 'a drawing has at least one stroke')
  .max(60);

/** Something that can be drawn, and how the teacher draws it: a drawing is a list of strokes, a stroke a list of [x, y] in pixels of its own. */
const templateSchema = z.strictObject({
  label,
  drawings: z.array(drawingSchema).min(1, 'a template has at least one drawing').max(10),
});

/** Strokes of the first drawing of what is asked for that belong together, such as the bar of a letter. */
const partSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes'),
  label,
  strokes: z.array(z.int().min(0)).min(1).max(60).describe('Numbers of strokes, from 0.'),
  points,
  skill,
  hints: hintsSchema,
});

/** What the teacher says about a drawing that looks like another template. */
const otherSchema = z.strictObject({ label, message: z.string().trim().min(1).max(500) });

const sketchFields = z.strictObject({
  kind: z.literal('sketch'),
  version: z.literal(1),
  canvas: z.strictObject({ width: side, height: side }).describe('Pixels.'),
  expected: label.describe('The label of the template that is asked for.'),
  templates: z.array(templateSchema).min(1).max(30),
  points: points.describe('For drawing something that looks like it.'),
  skill,
  hints: hintsSchema,
  parts: z.array(partSchema).max(20).default([]),
  others: z.array(otherSchema).max(30).default([]),
});

/** A drawing of one thing, told by the teacher's own drawings of it and of what it is taken for. */
export const sketchSchema = sketchFields.superRefine((sketch, context) => {
  for (const { message, path } of faultsOf(sketch)) context.addIssue({ code: 'custom', message, path });
});
export type Sketch = z.infer<typeof sketchSchema>;

interface Fault {
  readonly message: string;
  readonly path: (string | number)[];
}

function* faultsOf({ expected, templates, parts, others }: z.infer<typeof sketchFields>): Generator<Fault> {
  const labels = new Set<string>();
  for (const [index, template] of templates.entries()) {
    const path = ['templates', index, 'label'];
    if (labels.has(template.label)) yield { message: `Two templates have the label "${template.label}".`, path };
    labels.add(template.label);
    for (const [number, drawing] of template.drawings.entries()) {
      if (isOnePlace(drawing)) {
        yield { message: 'is all in one place: nothing is drawn', path: ['templates', index, 'drawings', number] };
      }
    }
  }
  if (!labels.has(expected)) yield { message: `No template has the label "${expected}".`, path: ['expected'] };
  for (const [index, { label: other }] of others.entries()) {
    const path = ['others', index, 'label'];
    if (other === expected) yield { message: 'is the label that is asked for', path };
    else if (!labels.has(other)) yield { message: `No template has the label "${other}".`, path };
  }
  const strokes = templates.find((template) => template.label === expected)?.drawings[0]?.length ?? Infinity;
  const owners = new Map<number, string>();
  const ids = new Set([shapeId]);
  for (const [index, part] of parts.entries()) {
    const isTaken = ids.has(part.id);
    if (isTaken) yield { message: `"${part.id}" is taken: give each part its own id.`, path: ['parts', index, 'id'] };
    ids.add(part.id);
    for (const [number, stroke] of part.strokes.entries()) {
      const path = ['parts', index, 'strokes', number];
      const owner = owners.get(stroke);
      if (stroke >= strokes) {
        yield { message: `The first drawing of "${expected}" has the strokes 0 to ${strokes - 1}.`, path };
      } else if (owner !== undefined) {
        yield { message: `Stroke ${stroke} belongs to the part "${owner}" already.`, path };
      }
      owners.set(stroke, part.id);
    }
  }
}

/** The criterion that is the whole. */
export const shapeId = 'shape';

function isOnePlace(drawing: z.infer<typeof drawingSchema>): boolean {
  const [first] = drawing[0]!;
  return drawing.flat().every(([x, y]) => x === first![0] && y === first![1]);
}
