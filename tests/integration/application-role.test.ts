import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ensureApplicationRole, urlForRole } from '#libs/persistence';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from '../support/postgres-client.js';

/** Roles belong to the whole server: these tests take names of their own and leave attune_app alone. */
describe('the application role', () => {
  let database: TestDatabase;
  const superuserUrl = () => inject('postgres').superuserUrl;
  const whoAmI = (role: string, password: string) =>
    query<{ me: string }>(urlForRole(database.ownerUrl, role, password), 'SELECT current_user AS me');
  const attributes = (role: string) =>
    query(database.ownerUrl, 'SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = $1', [role]);

  beforeAll(async () => {
    database = await createEmptyDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('can sign in, and is subject to row-level security', async () => {
    await ensureApplicationRole({ ownerUrl: database.ownerUrl, role: 'app_one', password: 'secret' });

    expect(await whoAmI('app_one', 'secret')).toEqual([{ me: 'app_one' }]);
    expect(await attributes('app_one')).toEqual([{ rolcanlogin: true, rolsuper: false, rolbypassrls: false }]);
  });

  it('is made once, and its password follows', async () => {
    const role = 'app_two';
    await ensureApplicationRole({ ownerUrl: database.ownerUrl, role, password: 'old' });
    await ensureApplicationRole({ ownerUrl: database.ownerUrl, role, password: 'old' });
    await ensureApplicationRole({ ownerUrl: database.ownerUrl, role, password: 'new' });

    expect(await whoAmI(role, 'new')).toEqual([{ me: role }]);
    await expect(whoAmI(role, 'old')).rejects.toMatchObject({ code: '28P01' });
  });

  it('keeps the password that another database on the same server relies on, and says what to do', async () => {
    const other = await createEmptyDatabase();
    const role = 'app_six';
    try {
      await ensureApplicationRole({ ownerUrl: other.ownerUrl, role, password: 'theirs' });
      await query(other.ownerUrl, `CREATE TABLE thing (id int)`);
      await query(other.ownerUrl, `GRANT SELECT ON thing TO ${role}`);
      await expect(ensureApplicationRole({ ownerUrl: database.ownerUrl, role, password: 'ours' })).rejects.toThrow(
        /role app_six of this PostgreSQL server is used in the database "test_\w+" too/,
      );
      expect(await whoAmI(role, 'theirs')).toEqual([{ me: role }]);
    } finally {
      await other.drop();
    }
    await ensureApplicationRole({ ownerUrl: database.ownerUrl, role, password: 'ours' });
    expect(await whoAmI(role, 'ours')).toEqual([{ me: role }]);
  });

  it('survives several servers that start at the same time', async () => {
    const ensure = () => ensureApplicationRole({ ownerUrl: database.ownerUrl, role: 'app_three', password: 'p' });
    await Promise.all([ensure(), ensure(), ensure(), ensure()]);

    expect(await whoAmI('app_three', 'p')).toEqual([{ me: 'app_three' }]);
  });

  it.each([`it's`, 'a$b{c}', 'x"; DROP ROLE y; --', 'back\\slash', 'sp ace%41/@:'])(
    'takes %j as a password, and never as SQL',
    async (password) => {
      await ensureApplicationRole({ ownerUrl: database.ownerUrl, role: 'app "four"', password });
      expect(await whoAmI('app "four"', password)).toEqual([{ me: 'app "four"' }]);
    },
  );

  it('loses rights that would lift row-level security', async () => {
    await query(superuserUrl(), 'CREATE ROLE app_five BYPASSRLS NOLOGIN');
    await ensureApplicationRole({ ownerUrl: superuserUrl(), role: 'app_five', password: 'p' });

    expect(await attributes('app_five')).toEqual([{ rolcanlogin: true, rolsuper: false, rolbypassrls: false }]);
  });
});
