import { AccommodationRepository, readAccommodations, type Accommodations } from '#libs/learning';
import type { Prisma } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';

/** Accommodations stand in the user's row; the language is the user's own. */
export class PrismaAccommodationRepository extends AccommodationRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findAccommodations(userId: string): Promise<Accommodations | null> {
    const row = await (
      await this.database.tenant()
    ).user.findFirst({ where: { id: userId }, select: { accommodations: true, language: true } });
    if (row === null) return null;
    return { ...readAccommodations(row.accommodations as Partial<Accommodations>), language: row.language };
  }

  override async lockAccommodations(userId: string): Promise<Accommodations | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.$queryRaw`
      SELECT 1 AS one FROM users
      WHERE institution_id = ${institutionId}::uuid AND id = ${userId}::uuid FOR NO KEY UPDATE`;
    return this.findAccommodations(userId);
  }

  override async saveAccommodations(userId: string, { language, ...needs }: Accommodations): Promise<void> {
    const data = { language, accommodations: needs satisfies Prisma.InputJsonObject };
    await (await this.database.tenant()).user.updateMany({ where: { id: userId }, data });
  }
}
