import { EventLog, inStreamOrder, type NewEvent, type StreamedEvent } from '#libs/kernel';
import type { Database } from '../tenancy/database.js';

type EventRow = { stream: string; sequence: bigint; type: string; payload: object; at: Date };

/** The sequenced event table. */
export class SqlEventLog extends EventLog {
  constructor(private readonly database: Database) {
    super();
  }

  override async append(events: readonly NewEvent[], at: Date): Promise<StreamedEvent[]> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const stored: StreamedEvent[] = [];
    for (const { stream, type, payload } of inStreamOrder(events)) {
      const rows = await tenant.$queryRaw<{ sequence: bigint }[]>`
        INSERT INTO events (institution_id, stream, sequence, type, payload, at)
        VALUES (${institutionId}::uuid, ${stream}, attune_next_in_stream(${institutionId}::uuid, ${stream}), ${type}, ${JSON.stringify(payload)}::jsonb, ${at})
        RETURNING sequence`;
      stored.push({ institutionId, stream, sequence: Number(rows[0]!.sequence), type, payload, at });
    }
    return stored;
  }

  override async readAfter(stream: string, after: number, limit: number): Promise<StreamedEvent[]> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<EventRow[]>`
      SELECT stream, sequence, type, payload, at FROM events
      WHERE institution_id = ${institutionId}::uuid AND stream = ${stream} AND sequence > ${after}
      ORDER BY sequence LIMIT ${limit}`;
    return rows.map((row) => ({ ...row, institutionId, sequence: Number(row.sequence) }));
  }

  override async lastSequence(stream: string): Promise<number> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<{ sequence: bigint }[]>`
      SELECT sequence FROM event_streams WHERE institution_id = ${institutionId}::uuid AND stream = ${stream}`;
    return Number(rows[0]?.sequence ?? 0);
  }
}
