import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOGGER } from '#libs/composition';
import { IdSource, isFailure } from '#libs/kernel';
import { idSchema } from '#libs/contracts';
import { GradeSubmission } from '#libs/grading';
import { dangerousSystemActor } from '#libs/identity';
import type { Attempt, GivenUp, JobData } from '#libs/jobs';

const dataSchema = z.object({ institutionId: idSchema, submissionId: idSchema });

/** Grades the submission that a job names. */
@Injectable()
export class GradeSubmissionJob {
  constructor(
    private readonly grade: GradeSubmission,
    private readonly ids: IdSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Grades a submission that there is none of: what the first job would otherwise wait for (the database client, a
   * connection) is loaded then.
   */
  async warmUp(): Promise<void> {
    await this.grade.execute(dangerousSystemActor(this.ids.next()), this.ids.next());
  }

  async run(data: JobData['grade-submission'], attempt: Attempt): Promise<'done' | GivenUp> {
    const { institutionId, submissionId } = dataSchema.parse(data);
    const system = dangerousSystemActor(institutionId);
    try {
      const outcome = await this.grade.execute(system, submissionId);
      // Erased in the meantime: there is nothing left to grade.
      if (isFailure(outcome)) return 'done';
      if (outcome.kind === 'postponed') throw new Error(`not graded for now: ${outcome.reason}`);
      if (outcome.kind !== 'failed') return 'done';
      const { reason, cause } = outcome;
      if (cause !== undefined) this.logger.error({ submissionId, stack: framesOf(cause) }, 'grader crashed');
      return { kind: 'given-up', reason };
    } catch (error) {
      if (attempt.isLast) await this.grade.giveUp(system, submissionId);
      throw error;
    }
  }

  /** For a job that ended in the poison queue without its worker living to say so. */
  async giveUp(data: JobData['grade-submission']): Promise<void> {
    const { institutionId, submissionId } = dataSchema.parse(data);
    await this.grade.giveUp(dangerousSystemActor(institutionId), submissionId);
  }
}

function framesOf(error: unknown): string | undefined {
  const frames = (error as { stack?: string }).stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return frames?.join('\n');
}
