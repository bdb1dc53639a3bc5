import { z } from 'zod';
import { hintsSchema } from '../../model/hints.js';

/**
 * What predictions are measured by, each from 0 to 1 and more is better: the share that is right; the mean of the labels'
 * recalls; the mean of their F1; Cohen's κ; the recall of one label.
 */
export const projectMeasures = ['accuracy', 'balanced-accuracy', 'macro-f1', 'kappa', 'recall'] as const;
export type ProjectMeasure = (typeof projectMeasures)[number];

const share = z.number().min(0).max(1);

/** One measure: nothing is earned up to its floor, everything from its target on, and in between in proportion. */
const criterionSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'use lower-case letters, digits and dashes'),
    label: z.string().trim().min(1).max(200),
    measure: z.enum(projectMeasures),
    of: z.string().trim().min(1).max(200).optional().describe('The label, where the measure is `recall`.'),
    floor: share,
    target: share,
    points: z.number().positive().max(100),
    skill: z.string().min(1).max(64).describe('The skill that it gives evidence of.'),
    hints: hintsSchema,
  })
  .superRefine(({ measure, of, floor, target }, context) => {
    if (floor >= target) context.addIssue({ code: 'custom', message: 'must be above the floor', path: ['target'] });
    if ((measure === 'recall') !== (of !== undefined)) {
      const message = measure === 'recall' ? 'name the label whose recall is meant' : `${measure} is of all labels`;
      context.addIssue({ code: 'custom', message, path: ['of'] });
    }
  });
export type ProjectCriterion = z.infer<typeof criterionSchema>;

/** Predictions for images whose labels are hidden, measured as it is declared here. */
export const projectSchema = z
  .strictObject({
    kind: z.literal('project'),
    version: z.literal(1),
    testSet: z.uuid().describe('Id of a test set of the course.'),
    criteria: z.array(criterionSchema).min(1).max(10),
  })
  .superRefine(({ criteria }, context) => {
    const seen = new Set<string>();
    for (const [index, { id }] of criteria.entries()) {
      if (seen.has(id))
        context.addIssue({ code: 'custom', message: 'stands here twice', path: ['criteria', index, 'id'] });
      seen.add(id);
    }
  });
export type Project = z.infer<typeof projectSchema>;
