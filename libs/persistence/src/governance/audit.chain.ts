import {
  AuditChain,
  type AuditDetails,
  type AuditEvent,
  type AuditHead,
  type AuditSeal,
  type AuditToSeal,
  type NumberedEvent,
  type UnsealedAudit,
} from '#libs/governance';
import type { Database } from '../tenancy/database.js';

interface EventRow {
  readonly id: string;
  readonly sequence: bigint | string | null;
  readonly actor: string;
  readonly action: string;
  readonly object_kind: string;
  readonly object_id: string;
  readonly at: Date;
  readonly details: object;
  readonly salt: string | null;
  readonly details_hash: string | null;
}

interface HeadRow {
  readonly number: number;
  readonly last_sequence: bigint | string;
  readonly hash: string;
  readonly sealed_at: Date;
}

interface SealRow extends HeadRow {
  readonly first_sequence: bigint | string;
  readonly leaves: Uint8Array;
  readonly previous_hash: string;
}

const eventColumns = 'id, sequence, actor, action, object_kind, object_id, at, details, salt, details_hash';
const headColumns = 'number, last_sequence, hash, sealed_at';

/** Bytes of a SHA-256. */
const leafBytes = 32;

/** The tables of seals and of the events that they cover. */
export class SqlAuditChain extends AuditChain {
  constructor(private readonly database: Database) {
    super();
  }

  override async listToSeal(): Promise<AuditToSeal[]> {
    const rows = await this.database.global.$queryRaw<{ institution_id: string; oldest_at: Date }[]>`
      SELECT institution_id, oldest_at FROM attune_institutions_to_seal()`;
    return rows.map(({ institution_id: institutionId, oldest_at: oldestAt }) => ({ institutionId, oldestAt }));
  }

  override async hold(): Promise<boolean> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<{ held: boolean }[]>`
      SELECT pg_try_advisory_xact_lock(hashtextextended(${`audit ${institutionId}`}, 0)) AS held`;
    return rows[0]!.held;
  }

  override async findHead(): Promise<AuditHead | null> {
    const [row] = await this.database.rowsHere<HeadRow>({
      text: `SELECT ${headColumns} FROM audit_seals WHERE institution_id = $1::uuid ORDER BY number DESC LIMIT 1`,
      values: [this.database.institutionId],
    });
    return row === undefined ? null : toHead(row);
  }

  override async listUnsealed(limit: number): Promise<AuditEvent[]> {
    const rows = await this.database.rowsHere<EventRow>({
      text: `SELECT ${eventColumns} FROM audit_events WHERE institution_id = $1::uuid AND sequence IS NULL
             ORDER BY id LIMIT $2::int`,
      values: [this.database.institutionId, limit],
    });
    return rows.map(toEvent);
  }

  override async insertSeal(seal: AuditSeal, events: readonly AuditEvent[]): Promise<void> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const ids = events.map(({ id }) => id);
    const numbered = await tenant.$executeRaw`
      UPDATE audit_events e SET sequence = ${seal.firstSequence}::bigint + n.place - 1
      FROM unnest(${ids}::uuid[]) WITH ORDINALITY AS n (id, place)
      WHERE e.institution_id = ${institutionId}::uuid AND e.id = n.id AND e.sequence IS NULL`;
    if (numbered !== ids.length) throw new Error('Another seal covers some of these events.');
    const { number, firstSequence, lastSequence, previousHash, hash, sealedAt } = seal;
    await tenant.auditSeal.create({
      data: {
        institutionId,
        number,
        firstSequence,
        lastSequence,
        leaves: new Uint8Array(Buffer.from(seal.leaves.join(''), 'hex')),
        previousHash,
        hash,
        sealedAt,
      },
    });
  }

  override async listSeals(after: number, limit: number): Promise<AuditSeal[]> {
    const rows = await this.database.rowsHere<SealRow>({
      text: `SELECT ${headColumns}, first_sequence, leaves, previous_hash FROM audit_seals
             WHERE institution_id = $1::uuid AND number > $2::int ORDER BY number LIMIT $3::int`,
      values: [this.database.institutionId, after, limit],
    });
    return rows.map(toSeal);
  }

  override async listNumbered(first: number, last: number): Promise<NumberedEvent[]> {
    const rows = await this.database.rowsHere<EventRow>({
      text: `SELECT ${eventColumns} FROM audit_events
             WHERE institution_id = $1::uuid AND sequence BETWEEN $2::bigint AND $3::bigint ORDER BY sequence, id`,
      values: [this.database.institutionId, first, last],
    });
    return rows.map((row) => ({ ...toEvent(row), sequence: Number(row.sequence) }));
  }

  override async findUncovered(): Promise<Pick<NumberedEvent, 'id' | 'sequence'> | null> {
    const [row] = await this.database.rowsHere<{ id: string; sequence: bigint | string }>({
      text: `SELECT id, sequence FROM audit_events
             WHERE institution_id = $1::uuid AND (sequence < 1 OR sequence > (
               SELECT coalesce(max(last_sequence), 0) FROM audit_seals WHERE institution_id = $1::uuid))
             ORDER BY sequence LIMIT 1`,
      values: [this.database.institutionId],
    });
    return row === undefined ? null : { id: row.id, sequence: Number(row.sequence) };
  }

  override async countUnsealed(): Promise<UnsealedAudit> {
    const [row] = await this.database.rowsHere<{ events: number; oldest_at: Date | null }>({
      text: `SELECT count(*)::int AS events, min(at) AS oldest_at FROM audit_events
             WHERE institution_id = $1::uuid AND sequence IS NULL`,
      values: [this.database.institutionId],
    });
    return { events: row!.events, oldestAt: row!.oldest_at };
  }
}

function toEvent(row: EventRow): AuditEvent {
  const { id, actor, action, object_kind: objectKind, object_id: objectId, at } = row;
  return { id, actor, action, objectKind, objectId, at, details: toDetails(row) };
}

/** What claims to be erased and says something all the same is taken at its word, which no hash confirms. */
function toDetails({ details, salt, details_hash: hash }: EventRow): AuditDetails {
  const isErased = salt === null && hash !== null && Object.keys(details).length === 0;
  return isErased ? { kind: 'erased', hash } : { kind: 'kept', salt: salt ?? '', value: details };
}

function toHead({ number, last_sequence: lastSequence, hash, sealed_at: sealedAt }: HeadRow): AuditHead {
  return { number, lastSequence: Number(lastSequence), hash, sealedAt };
}

function toSeal(row: SealRow): AuditSeal {
  const digits = Buffer.from(row.leaves).toString('hex');
  const leaves = digits.match(new RegExp(`.{1,${2 * leafBytes}}`, 'g')) ?? [];
  return {
    ...toHead(row),
    firstSequence: Number(row.first_sequence),
    leaves,
    previousHash: row.previous_hash,
  };
}
