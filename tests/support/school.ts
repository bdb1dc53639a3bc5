import { isFailure, type Failure } from '#libs/kernel';
import { CreateInstitution, dangerousSystemActor, ManageUsers, SignInLocally, type Role } from '#libs/identity';
import { ImportCourse, ManageEnrolments, type CourseFolder } from '#libs/learning';
import { IdSource } from '#libs/kernel';
import type { INestApplicationContext } from '@nestjs/common';
import { aCourse } from './course.js';

/** Somebody of a test's school, signed in. */
export interface Person {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly refreshToken: string;
}

/** A school of a test's own. */
export interface School {
  readonly institutionId: string;
  readonly slug: string;
  readonly courseId: string;
  readonly teacher: Person;
  readonly admin: Person;
  join(role: Role, part: 'learner' | 'teacher' | null): Promise<Person>;
}

export const testPassword = 'correct horse battery staple';

/** Founds a school with a course, a teacher and an administrator, through the same use cases as everybody. */
export async function foundSchool(
  context: INestApplicationContext,
  slug: string,
  folder: CourseFolder = aCourse(),
): Promise<School> {
  const get = <T>(token: abstract new (...args: never[]) => T): T => context.get(token, { strict: false });
  const institution = expectOk(
    await get(CreateInstitution).execute({
      slug,
      name: slug,
      jurisdiction: 'unknown',
      timeZone: 'UTC',
      language: 'en',
    }),
  );
  const system = dangerousSystemActor(institution.id);
  const { courseId } = expectOk(await get(ImportCourse).execute(system, 'tests', folder));
  let count = 0;
  const join = async (role: Role, part: 'learner' | 'teacher' | null): Promise<Person> => {
    const id = get(IdSource).next();
    const email = `${role}-${count++}@${slug}.test`;
    const user = { id, name: `${role} ${count}`, email, password: testPassword, language: 'en', roles: [role] };
    expectOk(await get(ManageUsers).create(system, user));
    if (part !== null) expectOk(await get(ManageEnrolments).enrol(system, { courseId, userId: id, role: part }));
    const input = { institution: slug, email, password: testPassword };
    const tokens = expectOk(await get(SignInLocally).execute(input, { address: `test ${email}` }));
    return { id, email, password: testPassword, token: tokens.accessToken, refreshToken: tokens.refreshToken! };
  };
  const [teacher, admin] = [await join('teacher', 'teacher'), await join('admin', null)];
  return { institutionId: institution.id, slug, courseId, teacher, admin, join };
}

/** The value, or a test that fails with the failure's words. */
export function expectOk<T>(outcome: T | Failure): T {
  if (isFailure(outcome))
    throw new Error(`${outcome.code}: ${outcome.message} ${JSON.stringify(outcome.issues ?? [])}`);
  return outcome;
}
