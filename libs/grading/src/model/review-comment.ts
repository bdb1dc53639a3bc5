import { z } from 'zod';
import { drawnShapeSchema } from './marks.js';

/** How many comments one review may carry. */
export const commentsAtMost = 50;

/** How many places all that is drawn on one review may have. */
export const commentPoints = 20_000;

/**
 * What a teacher says of a work with her review: of one criterion or of the whole, and where she has drawn it, with a shape in
 * pixels of the picture.
 */
export const reviewCommentSchema = z.strictObject({
  criterionId: z.string().min(1).max(64).nullable().default(null),
  text: z.string().trim().min(1).max(2_000),
  shape: drawnShapeSchema.nullable().default(null),
});
export type ReviewComment = z.infer<typeof reviewCommentSchema>;

/** The comments of one review. */
export const reviewCommentsSchema = z
  .array(reviewCommentSchema)
  .max(commentsAtMost)
  .superRefine((comments, context) => {
    const places = comments.reduce(
      (sum, { shape }) => sum + (shape !== null && 'points' in shape ? shape.points.length : 1),
      0,
    );
    if (places > commentPoints) {
      context.addIssue({ code: 'custom', message: `has more than ${commentPoints} points`, path: [] });
    }
  });
