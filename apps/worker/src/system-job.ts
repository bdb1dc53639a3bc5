import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { dangerousSystemActor, type Actor } from '#libs/identity';
import type { Attempt } from '#libs/jobs';

/** Something that the system does to one thing; done twice it has one effect. A failure means that the thing is gone. */
export interface SystemStep {
  execute(actor: Actor, id: string): Promise<unknown>;
  /** For what nobody could finish: says so on the thing, if it still waits. */
  giveUp(actor: Actor, id: string): Promise<unknown>;
}

/** Does one step for the thing that a job names, and gives up with the last attempt. */
export abstract class SystemJob<Field extends string> {
  protected abstract readonly step: SystemStep;

  /** @param field under which a job names its thing */
  protected constructor(private readonly field: Field) {}

  async run(data: Readonly<Record<Field | 'institutionId', string>>, attempt: Attempt): Promise<'done'> {
    const { actor, id } = this.read(data);
    try {
      await this.step.execute(actor, id);
      return 'done';
    } catch (error) {
      if (attempt.isLast) await this.giveUp(data);
      throw error;
    }
  }

  /** Also for a job that ended in the poison queue without its worker living to say so. */
  async giveUp(data: Readonly<Record<Field | 'institutionId', string>>): Promise<void> {
    const { actor, id } = this.read(data);
    await this.step.giveUp(actor, id);
  }

  private read(data: Readonly<Record<string, string>>): { actor: Actor; id: string } {
    const id = idSchema.parse(data[this.field]);
    const { institutionId } = z.object({ institutionId: idSchema }).parse(data);
    return { actor: dangerousSystemActor(institutionId), id };
  }
}
