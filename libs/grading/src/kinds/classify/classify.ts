import { z } from 'zod';
import { hintsSchema } from '../../model/hints.js';

const label = z.string().trim().min(1).max(200);

/** A label other than the one that is asked for: what it still earns, and what the teacher says about taking one for the other. */
const otherSchema = z.strictObject({
  label,
  share: z.number().min(0).max(0.99).default(0).describe('Of the points.'),
  message: z.string().trim().min(1).max(500),
});

/** A picture that has to show one thing of several, which a model of the course tells apart. */
export const classifySchema = z
  .strictObject({
    kind: z.literal('classify'),
    version: z.literal(1),
    model: z.string().trim().min(1).max(100).describe('Name under which models of the course are registered.'),
    expected: label.describe('The label of what the picture has to show.'),
    points: z.number().positive().max(100),
    skill: z.string().min(1).max(64).describe('The skill that it gives evidence of.'),
    hints: hintsSchema,
    others: z.array(otherSchema).max(100).default([]),
  })
  .superRefine(({ expected, others }, context) => {
    const seen = new Set([expected]);
    for (const [index, { label: other }] of others.entries()) {
      const message = other === expected ? 'is the label that is asked for' : `"${other}" stands here twice`;
      if (seen.has(other)) context.addIssue({ code: 'custom', message, path: ['others', index, 'label'] });
      seen.add(other);
    }
  });
export type Classify = z.infer<typeof classifySchema>;
