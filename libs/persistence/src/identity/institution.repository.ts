import { InstitutionRepository, type Institution } from '#libs/identity';
import type { Database } from '../tenancy/database.js';

export class PrismaInstitutionRepository extends InstitutionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async getInstitution(): Promise<Institution> {
    const where = { id: this.database.institutionId };
    const row = await (await this.database.tenant()).institution.findUniqueOrThrow({ where });
    const { id, slug, name, jurisdiction, timeZone, language } = row;
    return { id, slug, name, jurisdiction, timeZone, language };
  }

  override async insertInstitution(institution: Institution): Promise<void> {
    await (await this.database.tenant()).institution.create({ data: institution });
  }
}
