import { isAdmin, type Actor, type UnitOfWork } from '#libs/identity';
import type { AuditHead } from '../model/audit-seal.js';
import type { AuditChain } from '../ports.js';

/** Reads the last seal of the audit, for administrators to note it where nobody of the house can change it. */
export class ReadAuditHead {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly chain: AuditChain,
  ) {}

  /** Null where nothing was sealed yet, and for everybody else. */
  async execute(actor: Actor): Promise<AuditHead | null> {
    if (!isAdmin(actor)) return null;
    return this.unitOfWork.read(actor, () => this.chain.findHead());
  }
}
