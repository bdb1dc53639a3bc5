import { randomBytes } from 'node:crypto';
import { IdSource, isFailure, type Failure } from '#libs/kernel';
import {
  CreateInstitution,
  dangerousSystemActor,
  InstitutionDirectory,
  ManageUsers,
  UnitOfWork,
  type Actor,
  type Role,
} from '#libs/identity';
import { ManageAssignments } from '#libs/grading';
import { CourseRepository, ImportCourse, ManageEnrolments, type CourseFolder } from '#libs/learning';
import type { FolderPicture } from '../course/read-course-folder.js';

/** The sign-ins that the start screen shows. Passwords are random and stand nowhere else. */
export interface DemoAccounts {
  readonly institution: string;
  readonly student: DemoAccount;
  readonly teacher: DemoAccount;
  readonly admin: DemoAccount;
}

interface DemoAccount {
  readonly email: string;
  readonly password: string;
}

/** What founding a school takes. */
export interface SeedServices {
  readonly directory: InstitutionDirectory;
  readonly createInstitution: CreateInstitution;
  readonly users: ManageUsers;
  readonly importCourse: ImportCourse;
  readonly unitOfWork: UnitOfWork;
  readonly courses: CourseRepository;
  readonly assignments: ManageAssignments;
  readonly enrolments: ManageEnrolments;
  readonly ids: IdSource;
}

export const demoSlug = 'demo';
const source = 'attune-demo';

/** Founds the demo school once: three people and the cell biology course. Null when it is there already. */
export async function seedDemoSchool(
  services: SeedServices,
  folder: CourseFolder,
  pictures: readonly FolderPicture[] = [],
): Promise<DemoAccounts | null> {
  if ((await services.directory.findInstitutionId(demoSlug)) !== null) return null;
  const institution = expect(
    await services.createInstitution.execute({
      slug: demoSlug,
      name: 'Attune demo school',
      jurisdiction: 'unknown',
      timeZone: 'Europe/Berlin',
      language: 'en',
    }),
  );
  const system = dangerousSystemActor(institution.id);
  const { courseId } = expect(await services.importCourse.execute(system, source, { ...folder, pictures }));
  await assignDrawings(services, system, courseId, folder);

  const join = async (
    name: string,
    email: string,
    role: Role,
    part: 'learner' | 'teacher' | null,
  ): Promise<DemoAccount> => {
    const password = randomBytes(9).toString('base64url');
    const id = services.ids.next();
    const user = { id, name, email, password, language: 'en', roles: [role] };
    expect(await services.users.create(system, user));
    if (part !== null) expect(await services.enrolments.enrol(system, { courseId, userId: id, role: part }));
    return { email, password };
  };
  return {
    institution: demoSlug,
    student: await join('Sam Student', 'sam@demo.school', 'student', 'learner'),
    teacher: await join('Tess Teacher', 'tess@demo.school', 'teacher', 'teacher'),
    admin: await join('Ada Admin', 'ada@demo.school', 'admin', null),
  };
}

/** Sets each drawing of the course as practice that is open from the start. */
async function assignDrawings(
  services: SeedServices,
  system: Actor,
  courseId: string,
  folder: CourseFolder,
): Promise<void> {
  for (const { head } of folder.activities) {
    const { kind, externalId, title } = head as { kind: string; externalId: string; title: string };
    if (kind !== 'visual-assignment') continue;
    const activity = await services.unitOfWork.read(system, () =>
      services.courses.findActivityByKey(courseId, { source, externalId }),
    );
    const id = services.ids.next();
    const dates = { opensAt: null, dueAt: null };
    expect(
      await services.assignments.create(system, {
        id,
        courseId,
        activityId: activity!.id,
        title,
        stakes: 'practice',
        ...dates,
      }),
    );
  }
}

function expect<T>(outcome: T | Failure): T {
  if (isFailure(outcome)) {
    const issues = (outcome.issues ?? []).slice(0, 5).map(({ path, message }) => `\n  ${path}: ${message}`);
    throw new Error(`The demo school could not be seeded: ${outcome.message}${issues.join('')}`);
  }
  return outcome;
}
