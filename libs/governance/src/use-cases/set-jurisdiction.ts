import { fail, refuseInput, type Failure } from '#libs/kernel';
import type { Actor, AuditLog, UnitOfWork } from '#libs/identity';
import type { SensedInstitution } from '../policy/resolve-sensing.js';
import type { SensingRepository } from '../ports.js';

/** Says whose law an institution is under, and who has looked into it. The operator alone does: nobody frees herself from a law. */
export class SetJurisdiction {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly sensing: SensingRepository,
    private readonly audit: AuditLog,
  ) {}

  /** What is left out stays as it is. */
  async execute(actor: Actor, change: Partial<SensedInstitution>): Promise<SensedInstitution | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'The operator of the server sets this.');
    const { jurisdiction } = change;
    if (jurisdiction !== undefined && jurisdiction !== 'unknown' && !/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/.test(jurisdiction)) {
      return refuseInput([{ path: 'jurisdiction', message: 'an ISO 3166 code, such as DE or US-IL, or unknown' }]);
    }
    return this.unitOfWork.run(actor, async () => {
      const institution = { ...(await this.sensing.getInstitution()), ...change };
      await this.sensing.setInstitution(institution);
      const details = { ...institution };
      const { institutionId } = actor;
      await this.audit.record(actor, {
        action: 'institution.jurisdiction-set',
        objectKind: 'institution',
        objectId: institutionId,
        details,
      });
      return institution;
    });
  }
}
