import { fail, type Clock, type Failure } from '#libs/kernel';
import { isManager, type Actor, type AuditLog, type UnitOfWork, type UserRepository } from '#libs/identity';
import type { ConsentRecord } from '../model/consent.js';
import type { ConsentRepository } from '../ports.js';

export interface ConsentInput extends Omit<ConsentRecord, 'recordedAt'> {
  readonly learnerId: string;
}

/** Records a decision about one purpose: a learner for herself, or an administrator or service what a guardian said. */
export class RecordConsent {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly users: UserRepository,
    private readonly consents: ConsentRepository,
    private readonly audit: AuditLog,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, input: ConsentInput): Promise<ConsentRecord | Failure> {
    const refused = refuse(actor, input);
    if (refused !== null) return refused;
    const { learnerId, ...decision } = input;
    const now = this.clock.now();
    return this.unitOfWork.run(actor, async () => {
      const learner = await this.users.findUser(learnerId);
      if (learner === null) return fail('NOT_FOUND', 'There is no such learner.');
      const existing = await this.consents.findRecord(input.id);
      if (existing !== null) return resend(existing, learner.pseudonym, decision);
      if (input.expiresAt !== null && input.expiresAt.getTime() <= now)
        return fail('INVALID_INPUT', 'expiresAt: the consent would have ended already.');
      const record = { ...decision, recordedAt: new Date(now) };
      if (!(await this.consents.insertRecord(learner.pseudonym, record)))
        return resend((await this.consents.findRecord(input.id))!, learner.pseudonym, decision);
      const { id, purpose, givenAs } = input;
      const entry = { action: `consent.${input.decision}`, objectKind: 'consent', objectId: id };
      await this.audit.record(actor, { ...entry, details: { purpose, givenAs } });
      return record;
    });
  }
}

function refuse(actor: Actor, { learnerId, givenAs, decision, expiresAt }: ConsentInput): Failure | null {
  const speaksForGuardian = isManager(actor);
  if (learnerId !== actor.userId && !speaksForGuardian)
    return fail('FORBIDDEN', 'Consent is given by the learner herself, or recorded by an administrator or a service.');
  if (givenAs === 'student' && learnerId !== actor.userId)
    return fail('FORBIDDEN', 'Only the learner herself decides as student; record a guardian’s decision as guardian.');
  if (givenAs === 'guardian' && !speaksForGuardian)
    return fail('FORBIDDEN', 'Only an administrator or a service records what a guardian decided.');
  if (decision === 'withdrawn' && expiresAt !== null)
    return fail('INVALID_INPUT', 'expiresAt: a withdrawal does not expire.');
  return null;
}

function resend(
  { pseudonym, ...record }: ConsentRecord & { readonly pseudonym: string },
  learner: string,
  input: Omit<ConsentRecord, 'recordedAt'>,
): ConsentRecord | Failure {
  const fields = ['purpose', 'decision', 'givenAs', 'noticeVersion'] as const;
  const isSameEnd = (record.expiresAt?.getTime() ?? null) === (input.expiresAt?.getTime() ?? null);
  const isSame = pseudonym === learner && isSameEnd && fields.every((field) => record[field] === input[field]);
  return isSame ? record : fail('ID_REUSED');
}
