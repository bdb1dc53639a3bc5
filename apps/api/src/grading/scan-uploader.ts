import { z } from 'zod';
import { isFailure, issuesOf, refuseInput, type Failure } from '#libs/kernel';
import { scanLimits, scanMatchings, type StartScans } from '#libs/grading';
import { idSchema } from '#libs/contracts';
import type { Actor } from '#libs/identity';
import type { Uploader, UploadMetadata } from '../http/package-uploads.js';

/** What the metadata of an upload of scans say. */
const announcedSchema = z.object({
  /** Made by the client. */
  id: idSchema,
  assignmentId: idSchema,
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be 64 small hexadecimal digits')
    .nullable()
    .default(null),
  matchBy: z.enum(scanMatchings).nullable().default(null),
  pagesPerLearner: z.coerce.number().int().min(1).max(scanLimits.pagesPerLearner).default(1),
});

type Announced = z.infer<typeof announcedSchema>;

/** Uploads of scans by somebody who is signed in. */
export function scanUploaderFor(actor: Actor, scans: Pick<StartScans, 'mayUpload' | 'execute'>): Uploader {
  return {
    prefix: actor.userId,
    begin: async (metadata) => {
      const announced = read(metadata);
      return isFailure(announced) ? announced : scans.mayUpload(actor, announced.assignmentId);
    },
    finish: async (metadata, path) => {
      const announced = read(metadata);
      if (isFailure(announced)) return announced;
      const started = await scans.execute(actor, { ...announced, path });
      return isFailure(started) ? started : { kind: 'uploaded', batchId: started.id, state: started.state };
    },
  };
}

function read(metadata: UploadMetadata): Announced | Failure {
  const parsed = announcedSchema.safeParse(metadata);
  return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'Upload-Metadata'));
}
