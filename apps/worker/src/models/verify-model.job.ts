import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { dangerousSystemActor } from '#libs/identity';
import type { Attempt, JobData } from '#libs/jobs';
import { VerifyModel } from '#libs/models';

const dataSchema = z.object({ institutionId: idSchema, modelId: idSchema });

/** Verifies the model package that a job names. */
@Injectable()
export class VerifyModelJob {
  constructor(private readonly verify: VerifyModel) {}

  async run(data: JobData['verify-model'], attempt: Attempt): Promise<'done'> {
    const { institutionId, modelId } = dataSchema.parse(data);
    try {
      // A refusal to verify means that the model is gone: there is nothing left to do.
      await this.verify.execute(dangerousSystemActor(institutionId), modelId);
      return 'done';
    } catch (error) {
      if (attempt.isLast) await this.giveUp(data);
      throw error;
    }
  }

  /** For a job that ended in the poison queue without its worker living to say so. */
  async giveUp(data: JobData['verify-model']): Promise<void> {
    const { institutionId, modelId } = dataSchema.parse(data);
    await this.verify.giveUp(dangerousSystemActor(institutionId), modelId);
  }
}
