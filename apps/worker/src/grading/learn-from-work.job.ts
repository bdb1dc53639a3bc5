import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { isFailure } from '#libs/kernel';
import { idSchema } from '#libs/contracts';
import { ReadSkillsShown } from '#libs/grading';
import { dangerousSystemActor } from '#libs/identity';
import type { JobData } from '#libs/jobs';
import { LearnFromWork } from '#libs/tutoring';

const dataSchema = z.object({ institutionId: idSchema, scoreId: idSchema });

/** Has the student model learn from the work whose score a job names: grading and tutoring know nothing of each other. */
@Injectable()
export class LearnFromWorkJob {
  constructor(
    private readonly shown: ReadSkillsShown,
    private readonly learn: LearnFromWork,
  ) {}

  async run(data: JobData['learn-from-work']): Promise<'done'> {
    const { institutionId, scoreId } = dataSchema.parse(data);
    const system = dangerousSystemActor(institutionId);
    const work = await this.shown.execute(system, scoreId);
    // Erased in the meantime, or it tells nothing.
    if (work !== null && !isFailure(work)) await this.learn.execute(system, work);
    return 'done';
  }

  /** Nobody waits for it; a replay from the poison queue learns from it still. */
  giveUp(): Promise<void> {
    return Promise.resolve();
  }
}
