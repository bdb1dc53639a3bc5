import { z } from 'zod';

/** Source system and the id that a thing has there; the use cases refuse one without the other. */
export const externalKeyFields = {
  source: z.string().trim().min(1).max(200).nullable().default(null),
  externalId: z.string().trim().min(1).max(200).nullable().default(null),
};
