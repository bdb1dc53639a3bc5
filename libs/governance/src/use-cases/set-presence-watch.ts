import { fail, type Failure } from '#libs/kernel';
import { isManager, type Actor, type AuditLog, type UnitOfWork } from '#libs/identity';
import type { SensingRepository } from '../ports.js';

/** Whether it is looked at that learners of an institution leave the page. */
export interface PresenceWatch {
  readonly on: boolean;
}

/** Turns on or off that it is looked at when learners leave the page; off where nobody has turned it on. */
export class SetPresenceWatch {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sensing: SensingRepository,
    private readonly audit: AuditLog,
  ) {}

  async execute(actor: Actor, { on }: PresenceWatch): Promise<PresenceWatch | Failure> {
    if (!isManager(actor)) return fail('FORBIDDEN', 'Only administrators and services set this.');
    return this.unitOfWork.run(actor, async () => {
      await this.sensing.setPresenceWatch(on);
      const { institutionId: objectId } = actor;
      await this.audit.record(actor, {
        action: 'sensing.presence-set',
        objectKind: 'institution',
        objectId,
        details: { on },
      });
      return { on };
    });
  }
}
