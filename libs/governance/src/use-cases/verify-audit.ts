import { fail, type Digest, type Failure } from '#libs/kernel';
import { isAdmin, type Actor, type UnitOfWork } from '#libs/identity';
import type { AuditFault, AuditHead } from '../model/audit-seal.js';
import { verifySeal } from '../policy/verify-seal.js';
import type { AuditChain, UnsealedAudit } from '../ports.js';

/** What walking a chain found. */
export interface VerifiedAudit {
  /** The first thing that is wrong; null where all of it holds. */
  readonly fault: AuditFault | null;
  /** The last seal that holds; null where there is none. */
  readonly head: AuditHead | null;
  readonly seals: number;
  readonly events: number;
  /** Events among them whose details are erased. */
  readonly erased: number;
  /** Number of the seal with the hash that was asked for; null where nobody asked, or none has it. */
  readonly expectedAt: number | null;
  readonly unsealed: UnsealedAudit;
}

/** Seals that are read at once. */
const page = 20;

/**
 * Walks the chain of an institution from its beginning and computes every hash anew, in pages, while it may go on growing. It
 * ends at the first fault.
 */
export class VerifyAudit {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly chain: AuditChain,
    private readonly digest: Digest,
  ) {}

  /**
   * @param expected the hash of a head that was noted before; null for none
   * @param onProgress told how many events were checked, of how many in all when it began
   */
  async execute(
    actor: Actor,
    expected: string | null,
    onProgress: (events: number, of: number) => void = () => undefined,
  ): Promise<VerifiedAudit | Failure> {
    if (!isAdmin(actor)) return fail('FORBIDDEN', 'The audit is verified for administrators.');
    const walked = await this.walk(actor, expected, onProgress);
    const [uncovered, unsealed] = await this.unitOfWork.read(actor, async () => [
      await this.chain.findUncovered(),
      await this.chain.countUnsealed(),
    ]);
    const beyond: AuditFault | null = uncovered && {
      kind: 'event-uncovered',
      sequence: uncovered.sequence,
      eventId: uncovered.id,
    };
    const missing: AuditFault | null =
      expected !== null && walked.expectedAt === null ? { kind: 'head-missing', expected } : null;
    return { ...walked, fault: walked.fault ?? beyond ?? missing, unsealed };
  }

  private async walk(
    actor: Actor,
    expected: string | null,
    onProgress: (events: number, of: number) => void,
  ): Promise<Omit<VerifiedAudit, 'unsealed'>> {
    const counts = { seals: 0, events: 0, erased: 0 };
    const last = (await this.unitOfWork.read(actor, () => this.chain.findHead()))?.lastSequence ?? 0;
    let head: AuditHead | null = null;
    let expectedAt: number | null = null;
    for (;;) {
      const after: number = head?.number ?? 0;
      const seals = await this.unitOfWork.read(actor, () => this.chain.listSeals(after, page));
      if (seals.length === 0) return { fault: null, head, expectedAt, ...counts };
      for (const seal of seals) {
        const events = await this.unitOfWork.read(actor, () =>
          this.chain.listNumbered(seal.firstSequence, seal.lastSequence),
        );
        const fault = verifySeal(this.digest, actor.institutionId, head, seal, events);
        if (fault !== null) return { fault, head, expectedAt, ...counts };
        head = seal;
        if (seal.hash === expected) expectedAt = seal.number;
        counts.seals++;
        counts.events += events.length;
        counts.erased += events.filter(({ details }) => details.kind === 'erased').length;
        onProgress(counts.events, Math.max(counts.events, last));
      }
    }
  }
}
