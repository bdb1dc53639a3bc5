import type { Page, PageRequest } from '#libs/kernel';
import { UserRepository, type NewUser, type Role, type User, type UserFilter } from '#libs/identity';
import type { User as UserRow } from '../generated/client.js';
import { pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaUserRepository extends UserRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findUser(id: string): Promise<User | null> {
    const row = await (await this.database.tenant()).user.findFirst({ where: { id } });
    return row === null ? null : toUser(row);
  }

  override async holdUser(id: string): Promise<User | null> {
    const tenant = await this.database.tenant();
    await tenant.$queryRaw`SELECT FROM users WHERE institution_id = ${this.database.institutionId}::uuid AND id = ${id}::uuid FOR SHARE`;
    return this.findUser(id);
  }

  override async findUsers(ids: readonly string[]): Promise<User[]> {
    const rows = await (await this.database.tenant()).user.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(toUser);
  }

  override async findByEmail(email: string): Promise<(User & { passwordHash: string | null }) | null> {
    const row = await (await this.database.tenant()).user.findFirst({ where: { email } });
    return row === null ? null : { ...toUser(row), passwordHash: row.passwordHash };
  }

  override async findPasswordHash(id: string): Promise<{ hash: string | null } | null> {
    const select = { passwordHash: true };
    const row = await (await this.database.tenant()).user.findFirst({ where: { id }, select });
    return row && { hash: row.passwordHash };
  }

  override async insertUser(user: NewUser): ReturnType<UserRepository['insertUser']> {
    const institutionId = this.database.institutionId;
    const tenant = await this.database.tenant();
    const data = { ...user, roles: [...user.roles], institutionId };
    const { count } = await tenant.user.createMany({ data, skipDuplicates: true });
    if (count > 0) return 'inserted';
    if ((await tenant.user.count({ where: { id: user.id } })) > 0) return 'id-taken';
    const { email } = user;
    return email !== null && (await tenant.user.count({ where: { email } })) > 0 ? 'email-taken' : 'key-taken';
  }

  override async listUsers(
    { first, after }: PageRequest,
    { role, source, externalId }: UserFilter,
  ): Promise<Page<User>> {
    const rows = await (
      await this.database.tenant()
    ).user.findMany({
      where: {
        institutionId: this.database.institutionId,
        ...(after !== null && { id: { gt: after } }),
        ...(role !== null && { roles: { has: role } }),
        ...(source !== null && { source }),
        ...(externalId !== null && { externalId }),
      },
      orderBy: { id: 'asc' },
      take: first + 1,
    });
    return pageOf(rows, first, toUser);
  }

  override async updateUser(id: string, change: Parameters<UserRepository['updateUser']>[1]): Promise<void> {
    const { roles, ...more } = change;
    const data = { ...more, ...(roles && { roles: [...roles] }) };
    await (await this.database.tenant()).user.updateMany({ where: { id }, data });
  }
}

function toUser(row: UserRow): User {
  const { id, pseudonym, name, email, language, disabledAt, createdAt, source, externalId } = row;
  return {
    id,
    pseudonym,
    name,
    email,
    language,
    roles: row.roles as Role[],
    disabledAt,
    createdAt,
    source,
    externalId,
  };
}
