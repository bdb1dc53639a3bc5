import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import { ConsentRepository, type ConsentRecord } from '#libs/governance';
import type { ConsentRecord as ConsentRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaConsentRepository extends ConsentRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async insertRecord(pseudonym: string, record: ConsentRecord): Promise<boolean> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const data = { ...record, pseudonym, institutionId };
    return (await tenant.consentRecord.createMany({ data, skipDuplicates: true })).count > 0;
  }

  override async findRecord(id: string): Promise<(ConsentRecord & { pseudonym: string }) | null> {
    const row = await (await this.database.tenant()).consentRecord.findFirst({ where: { id } });
    return row === null ? null : { ...toRecord(row), pseudonym: row.pseudonym };
  }

  override async listRecords(pseudonym: string, page: PageRequest<TimeKey>): Promise<Page<ConsentRecord>> {
    const rows = await (
      await this.database.tenant()
    ).consentRecord.findMany({
      where: { pseudonym, ...olderThan('recordedAt', page) },
      orderBy: [{ recordedAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toRecord);
  }

  override async latestRecords(pseudonym: string): Promise<ConsentRecord[]> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<ConsentRow[]>`
      SELECT DISTINCT ON (purpose, given_as) id, purpose, decision, given_as AS "givenAs",
             notice_version AS "noticeVersion", expires_at AS "expiresAt", recorded_at AS "recordedAt"
      FROM consent_records WHERE institution_id = ${institutionId}::uuid AND pseudonym = ${pseudonym}::uuid
      ORDER BY purpose, given_as, recorded_at DESC, id DESC`;
    return rows.map(toRecord);
  }
}

function toRecord(row: Omit<ConsentRow, 'institutionId' | 'pseudonym'>): ConsentRecord {
  const { id, noticeVersion, expiresAt, recordedAt } = row;
  const purpose = row.purpose as ConsentRecord['purpose'];
  const decision = row.decision as ConsentRecord['decision'];
  return {
    id,
    purpose,
    decision,
    givenAs: row.givenAs as ConsentRecord['givenAs'],
    noticeVersion,
    expiresAt,
    recordedAt,
  };
}
