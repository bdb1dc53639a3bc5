import { fail, type Clock, type Digest, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { sealEvents } from '../policy/seal-events.js';
import type { AuditChain, AuditToSeal } from '../ports.js';

/** What one batch came to. */
export interface SealedEvents {
  readonly sealed: number;
  /** Whether there may be more to seal. */
  readonly more: boolean;
}

/** Events that one seal covers at most. */
const batch = 500;

/**
 * Seals the audit of an institution, batch by batch. An event gets its number from the seal that covers it, and whatever is
 * committed without one is sealed next time, however long its transaction took. Numbers and seal are stored together, one
 * sealer at a time, so however many do this, and wherever one of them ends, each event is in one seal.
 */
export class SealAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly chain: AuditChain,
    private readonly digest: Digest,
    private readonly clock: Clock,
  ) {}

  /** The institutions that have something to seal. */
  institutions(): Promise<AuditToSeal[]> {
    return this.chain.listToSeal();
  }

  /** Seals one batch. The system alone does this. */
  async execute(actor: Actor): Promise<SealedEvents | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'The audit is sealed by the system.');
    const { chain, digest, clock } = this;
    return this.unitOfWork.run(actor, async () => {
      if (!(await chain.hold())) return { sealed: 0, more: false };
      const events = await chain.listUnsealed(batch);
      if (events.length === 0) return { sealed: 0, more: false };
      const head = await chain.findHead();
      const seal = sealEvents(digest, actor.institutionId, head, events, new Date(clock.now()));
      await chain.insertSeal(seal, events);
      return { sealed: events.length, more: events.length === batch };
    });
  }
}
