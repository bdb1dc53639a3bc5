import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { dangerousSystemActor } from '#libs/identity';
import type { Attempt, JobData } from '#libs/jobs';
import { PrepareRun, TrainHeadRun } from '#libs/training';

const dataSchema = z.object({ institutionId: idSchema, runId: idSchema });

/** Something that is done to a training run by the system. */
type Step = Pick<PrepareRun, 'execute' | 'giveUp'>;

/** Does one step of the training run that a job names. */
abstract class RunJob {
  protected abstract readonly step: Step;

  async run(data: JobData['prepare-run'], attempt: Attempt): Promise<'done'> {
    const { institutionId, runId } = dataSchema.parse(data);
    try {
      // A refusal means that the run is gone: there is nothing left to do.
      await this.step.execute(dangerousSystemActor(institutionId), runId);
      return 'done';
    } catch (error) {
      if (attempt.isLast) await this.giveUp(data);
      throw error;
    }
  }

  /** For a job that ended in the poison queue without its worker living to say so. */
  async giveUp(data: JobData['prepare-run']): Promise<void> {
    const { institutionId, runId } = dataSchema.parse(data);
    await this.step.giveUp(dangerousSystemActor(institutionId), runId);
  }
}

/** Freezes the dataset of a run. */
@Injectable()
export class PrepareRunJob extends RunJob {
  constructor(protected override readonly step: PrepareRun) {
    super();
  }
}

/** Trains the head of a run. */
@Injectable()
export class TrainHeadJob extends RunJob {
  constructor(protected override readonly step: TrainHeadRun) {
    super();
  }
}
