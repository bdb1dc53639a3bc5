import 'reflect-metadata';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor, SignInLocally } from '#libs/identity';
import { isFailure } from '#libs/kernel';
import {
  ensureDemoSchool,
  findDemoSchool,
  readCourseFolder,
  readCourseMedia,
  seedDemoSchool,
  withSeedServices,
} from '../support/demo-school.js';
import { query } from '../support/postgres-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { expectOk } from '../support/school.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'prisma/seed/cell-biology');
const secret = 'a secret of the tests, long enough for all';

describe('the demo school', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  const canSignIn = ({ appUrl }: TestDatabase, account: { email: string; password: string }): Promise<boolean> =>
    withSeedServices({ appUrl, secret }, async (_, context) => {
      const signIn = context.get(SignInLocally, { strict: false });
      return !isFailure(await signIn.execute({ institution: 'demo', ...account }, { address: '127.0.0.1' }));
    });

  const count = async (sql: string): Promise<number> => {
    const [row] = await query<{ n: string }>(database.ownerUrl, `SELECT count(*) AS n FROM ${sql}`);
    return Number(row!.n);
  };

  it('is founded once, with a course that holds enough to learn from', async () => {
    const course = await readCourseFolder(folder);
    const pictures = await readCourseMedia(folder);
    const accounts = await withSeedServices({ appUrl: database.appUrl, secret }, (services) =>
      seedDemoSchool(services, course, pictures),
    );
    expect(accounts).toMatchObject({ institution: 'demo', student: { email: 'sam@demo.school' } });
    expect(await count('skills')).toBe(12);
    expect(await count('skill_prerequisites')).toBeGreaterThanOrEqual(12);
    expect(await count(`activities WHERE kind = 'exercise'`)).toBeGreaterThanOrEqual(108);
    expect(await count(`activities WHERE kind <> 'exercise'`)).toBeGreaterThanOrEqual(25);
    expect(await count(`activities WHERE kind = 'visual-assignment'`)).toBe(1);
    expect(await count('assignments')).toBe(1);
    expect(await count('course_media')).toBe(pictures.length);
    expect(await count('users')).toBe(3);

    const sizes = async () => [await count('activity_versions'), await count('enrolments'), await count('assignments')];
    const before = await sizes();
    const again = await withSeedServices({ appUrl: database.appUrl, secret }, (services) =>
      seedDemoSchool(services, { ...course, activities: [] }, pictures),
    );
    expect(await sizes()).toEqual(before);
    expect(again.institutionId).toBe(accounts.institutionId);
    expect(await canSignIn(database, accounts.student)).toBe(false);
    for (const role of ['student', 'teacher', 'admin'] as const) {
      expect(await canSignIn(database, again[role]), role).toBe(true);
    }
  });

  describe('and the file with its sign-ins', () => {
    let place: string;
    let other: TestDatabase;
    beforeAll(async () => {
      place = await mkdtemp(join(tmpdir(), 'attune-demo-'));
      other = await createTestDatabase();
    });
    afterAll(async () => {
      await rm(place, { recursive: true, force: true });
      await other?.drop();
    });
    const ensure = ({ ownerUrl, appUrl }: TestDatabase) =>
      ensureDemoSchool({ ownerUrl, appUrl, secret, projectFolder: root, accountsFile: join(place, 'accounts.json') });
    const find = ({ ownerUrl }: TestDatabase) => findDemoSchool(ownerUrl, join(place, 'accounts.json'));

    it('are brought together again when a start ended between the first commit and the file', async () => {
      await withSeedServices({ appUrl: other.appUrl, secret }, ({ createInstitution }) =>
        createInstitution.execute({
          slug: 'demo',
          name: 'Attune demo school',
          jurisdiction: 'unknown',
          timeZone: 'Europe/Berlin',
          language: 'en',
        }),
      );
      const { accounts, isNew } = await ensure(other);
      expect(isNew).toBe(true);
      expect(await canSignIn(other, accounts.admin)).toBe(true);
      expect(await query(other.ownerUrl, 'SELECT FROM assignments')).toHaveLength(1);
      expect((await stat(join(place, 'accounts.json'))).mode & 0o077).toBe(0);
      expect(await ensure(other)).toEqual({ accounts, isNew: false });
      expect(await find(other)).toEqual({ accounts, isNew: false });
    });

    it('belong to one database: another one on the same folder has its own, and shows no others', async () => {
      expect(await find(database)).toBeNull();
      const { accounts, isNew } = await ensure(database);
      expect(isNew).toBe(true);
      expect(await canSignIn(database, accounts.teacher)).toBe(true);
      expect(await find(other)).toBeNull();
    });

    it('come with new passwords when the file was lost', async () => {
      const before = (await find(database))!.accounts;
      await rm(join(place, 'accounts.json'));
      const { accounts, isNew } = await ensure(database);
      expect(isNew).toBe(true);
      expect(await canSignIn(database, before.student)).toBe(false);
      expect(await canSignIn(database, accounts.student)).toBe(true);
    });
  });

  it('takes the same course again without making new versions, and a changed activity as a new version', async () => {
    const course = await readCourseFolder(folder);
    const [{ id }] = (await query<{ id: string }>(database.ownerUrl, 'SELECT id FROM institutions')) as [
      { id: string },
    ];
    const before = await count('activity_versions');
    await withSeedServices({ appUrl: database.appUrl, secret }, async ({ importCourse }) => {
      expectOk(await importCourse.execute(dangerousSystemActor(id), 'attune-demo', course));
      expect(await count('activity_versions')).toBe(before);
      const [first, ...rest] = course.activities;
      const changed = { ...course, activities: [{ ...first!, body: 'Another text.' }, ...rest] };
      expectOk(await importCourse.execute(dangerousSystemActor(id), 'attune-demo', changed));
      expect(await count('activity_versions')).toBe(before + 1);
    });
  });

  it('refuses a drawing whose specification cannot be graded, and says what is wrong with it', async () => {
    const course = await readCourseFolder(folder);
    const drawings = course.activities.map((file) => {
      const head = structuredClone(file.head) as { kind: string; key: { specification?: { parts: object[] } } };
      if (head.kind === 'visual-assignment') head.key.specification!.parts = [];
      return { ...file, head };
    });
    const [{ id }] = (await query<{ id: string }>(database.ownerUrl, 'SELECT id FROM institutions')) as [
      { id: string },
    ];
    await withSeedServices({ appUrl: database.appUrl, secret }, async ({ importCourse }) => {
      const pictures = await readCourseMedia(folder);
      const outcome = await importCourse.execute(dangerousSystemActor(id), 'elsewhere', {
        ...course,
        activities: drawings,
        pictures,
      });
      expect(outcome).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: expect.stringContaining('specification: parts') }],
      });
    });
  });

  it('refuses a folder with mistakes, names each of them, and stores nothing', async () => {
    const course = await readCourseFolder(folder);
    const [first, ...rest] = course.activities;
    const broken = {
      ...course,
      pictures: await readCourseMedia(folder),
      activities: [{ ...first!, head: { ...(first!.head as object), skills: ['alchemy'] } }, ...rest],
    };
    const [{ id }] = (await query<{ id: string }>(database.ownerUrl, 'SELECT id FROM institutions')) as [
      { id: string },
    ];
    const before = await count('activities');
    await withSeedServices({ appUrl: database.appUrl, secret }, async ({ importCourse }) => {
      const outcome = await importCourse.execute(dangerousSystemActor(id), 'elsewhere', broken);
      expect(outcome).toMatchObject({
        code: 'INVALID_INPUT',
        issues: [{ path: `${first!.file}: skills: 0`, message: 'The course has no skill alchemy.' }],
      });
    });
    expect(await count('activities')).toBe(before);
  });
});
