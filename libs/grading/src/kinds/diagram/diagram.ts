import { z } from 'zod';
import { markLimits } from '#libs/kernel';
import { figureTypes } from '../../ink/symbol-classes.js';
import { hintsSchema } from '../../model/hints.js';

const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'use lower-case letters, digits and dashes');
const term = z.string().trim().min(1).max(120);
const side = z.int().min(16).max(markLimits.imageSide);

/** What every criterion of a diagram has. */
const criterion = {
  id,
  label: term.optional().describe('What has to be written there; nothing where nothing has to.'),
  synonyms: z.array(term).max(20).default([]),
  points: z.number().positive().max(100),
  skill: z.string().min(1).max(64).describe('The skill that it gives evidence of.'),
  hints: hintsSchema,
};

/** A figure that has to be drawn. */
const nodeSchema = z.strictObject({ ...criterion, type: z.enum(figureTypes) });
export type DiagramNode = z.infer<typeof nodeSchema>;

/** An arrow that has to be drawn, by the ids of the figures that it joins. */
const edgeSchema = z.strictObject({ ...criterion, source: id, target: id });
export type DiagramEdge = z.infer<typeof edgeSchema>;

/** The fields of {@link diagramSchema}, before the rules that hold between them. */
const diagramFields = z.strictObject({
  kind: z.literal('diagram'),
  version: z.literal(1),
  canvas: z.strictObject({ width: side, height: side }).describe('Pixels.'),
  counts: z
    .strictObject({
      types: z.boolean().default(true),
      directions: z.boolean().default(true),
      labels: z.boolean().default(true),
    })
    .prefault({})
    .describe('What costs points where it is wrong; what does not count may be drawn anyhow.'),
  photo: z.boolean().default(false).describe('Whether it may be handed in as a photo of a sheet, in place of strokes.'),
  nodes: z.array(nodeSchema).min(1).max(40),
  edges: z.array(edgeSchema).max(80).default([]),
});

/** A diagram that has to be drawn, such as a flowchart; where on the canvas its figures stand is the learner's affair. */
export const diagramSchema = diagramFields.superRefine((specification, context) => {
  for (const { message, path } of faultsOf(specification)) context.addIssue({ code: 'custom', message, path });
});
export type Diagram = z.infer<typeof diagramSchema>;

interface Fault {
  readonly message: string;
  readonly path: (string | number)[];
}

function* faultsOf({ nodes, edges }: z.infer<typeof diagramFields>): Generator<Fault> {
  const ids = new Set<string>();
  for (const [list, criteria] of Object.entries({ nodes, edges })) {
    for (const [index, { id: own, label, synonyms }] of criteria.entries()) {
      if (ids.has(own)) yield { message: `Two criteria have the id "${own}".`, path: [list, index, 'id'] };
      ids.add(own);
      if (label === undefined && synonyms.length > 0) {
        yield { message: 'There is no label that these could stand for.', path: [list, index, 'synonyms'] };
      }
    }
  }
  const known = new Set(nodes.map((node) => node.id));
  const pairs = new Set<string>();
  for (const [index, { source, target }] of edges.entries()) {
    for (const [end, name] of Object.entries({ source, target })) {
      if (!known.has(name)) yield { message: `There is no node "${name}".`, path: ['edges', index, end] };
    }
    const pair = `${source} ${target}`;
    if (source === target) yield { message: 'An arrow joins two figures.', path: ['edges', index, 'target'] };
    if (pairs.has(pair)) {
      yield { message: `Another arrow leads from "${source}" to "${target}".`, path: ['edges', index] };
    }
    pairs.add(pair);
  }
}
