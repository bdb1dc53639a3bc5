import { z } from 'zod';
import { failureCodes, type FailureCode } from '#libs/kernel';

/** A refusal as it travels: in an acknowledgement, an HTTP body, or the extensions of a GraphQL error. */
export const failureSchema = z.object({
  kind: z.literal('failure'),
  code: z.enum(Object.keys(failureCodes) as [FailureCode, ...FailureCode[]]),
  message: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  retryAfterSeconds: z.number().optional(),
});
