import { UserRepository, type NewUser, type Role, type User } from '#libs/identity';
import type { User as UserRow } from '../generated/client.js';
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

  override async insertUser(user: NewUser): Promise<'inserted' | 'email-taken' | 'id-taken'> {
    const institutionId = this.database.institutionId;
    const tenant = await this.database.tenant();
    const data = { ...user, roles: [...user.roles], institutionId };
    const { count } = await tenant.user.createMany({ data, skipDuplicates: true });
    if (count > 0) return 'inserted';
    return (await tenant.user.count({ where: { id: user.id } })) > 0 ? 'id-taken' : 'email-taken';
  }

  override async disableUser(id: string, at: Date): Promise<void> {
    await (await this.database.tenant()).user.updateMany({ where: { id, disabledAt: null }, data: { disabledAt: at } });
  }
}

function toUser(row: UserRow): User {
  const { id, pseudonym, name, email, language, disabledAt, createdAt } = row;
  return { id, pseudonym, name, email, language, roles: row.roles as Role[], disabledAt, createdAt };
}
