import type { Clock, IdSource } from '#libs/kernel';
import { AuditLog, type Actor, type AuditEntry } from '#libs/identity';
import type { Prisma } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';

/** The audit table: append-only, in the transaction of the act. */
export class PrismaAuditLog extends AuditLog {
  constructor(
    private readonly database: Database,
    private readonly ids: IdSource,
    private readonly clock: Clock,
  ) {
    super();
  }

  override async record(actor: Actor, { action, objectKind, objectId, details = {} }: AuditEntry): Promise<void> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.auditEvent.create({
      data: {
        institutionId,
        id: this.ids.next(),
        actor: actor.pseudonym,
        action,
        objectKind,
        objectId,
        details: details as Prisma.InputJsonObject,
        at: new Date(this.clock.now()),
      },
    });
  }
}
