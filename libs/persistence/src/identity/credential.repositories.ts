import { ApiKeyRepository, InstitutionDirectory, SignInRepository, type ApiKey, type SignIn } from '#libs/identity';
import type { Database } from '../tenancy/database.js';

export class PrismaSignInRepository extends SignInRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async insertSignIn(signIn: {
    id: string;
    userId: string;
    refreshHash: string;
    expiresAt: Date;
  }): Promise<void> {
    const { institutionId } = this.database;
    await (await this.database.tenant()).signIn.create({ data: { ...signIn, institutionId } });
  }

  override async lockSignIn(id: string): Promise<SignIn | null> {
    const tenant = await this.database.tenant();
    await tenant.$queryRaw`SELECT FROM sign_ins WHERE institution_id = ${this.database.institutionId}::uuid AND id = ${id}::uuid FOR UPDATE`;
    return tenant.signIn.findFirst({ where: { id } });
  }

  override async rotate(id: string, refreshHash: string, previousRefreshHash: string, usedAt: Date): Promise<void> {
    const data = { refreshHash, previousRefreshHash, rotatedAt: usedAt };
    await (await this.database.tenant()).signIn.updateMany({ where: { id }, data });
  }

  override async revoke(id: string, at: Date): Promise<void> {
    const tenant = await this.database.tenant();
    await tenant.signIn.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
  }

  override async revokeAllOf(userId: string, at: Date, but: string | null = null): Promise<string[]> {
    const tenant = await this.database.tenant();
    const where = { userId, revokedAt: null, ...(but !== null && { id: { not: but } }) };
    const open = await tenant.signIn.findMany({ where, select: { id: true } });
    await tenant.signIn.updateMany({ where, data: { revokedAt: at } });
    return open.map(({ id }) => id);
  }
}

export class PrismaApiKeyRepository extends ApiKeyRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findApiKey(id: string): Promise<ApiKey | null> {
    return (await this.database.tenant()).apiKey.findFirst({ where: { id } });
  }

  override async listApiKeys(): Promise<ApiKey[]> {
    return (await this.database.tenant()).apiKey.findMany({ orderBy: { createdAt: 'asc' } });
  }

  override async insertApiKey(key: Omit<ApiKey, 'createdAt' | 'revokedAt'>): Promise<void> {
    const { institutionId } = this.database;
    await (await this.database.tenant()).apiKey.create({ data: { ...key, institutionId } });
  }

  override async revokeApiKey(id: string, at: Date): Promise<boolean> {
    const tenant = await this.database.tenant();
    await tenant.apiKey.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: at } });
    return (await tenant.apiKey.count({ where: { id } })) > 0;
  }
}

export class SqlInstitutionDirectory extends InstitutionDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  override async findInstitutionId(slug: string): Promise<string | null> {
    const rows = await this.database.global.$queryRaw<
      { id: string | null }[]
    >`SELECT attune_find_institution(${slug}) AS id`;
    return rows[0]?.id ?? null;
  }

  override async listInstitutionIds(): Promise<string[]> {
    const rows = await this.database.global.$queryRaw<{ id: string }[]>`SELECT attune_list_institutions() AS id`;
    return rows.map(({ id }) => id);
  }
}
