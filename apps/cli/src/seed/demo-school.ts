import { randomBytes } from 'node:crypto';
import { IdSource, isFailure, type Failure } from '#libs/kernel';
import {
  CreateInstitution,
  dangerousSystemActor,
  InstitutionDirectory,
  ManageUsers,
  UnitOfWork,
  UserRepository,
  type Actor,
  type Role,
} from '#libs/identity';
import { AssignmentRepository, ManageAssignments } from '#libs/grading';
import { CourseRepository, ImportCourse, ManageEnrolments, type CourseFolder } from '#libs/learning';
import type { FolderPicture } from '../course/read-course-folder.js';
import { demoSlug, type DemoAccounts } from './demo-accounts.js';

/** What founding a school takes. */
export interface SeedServices {
  readonly directory: InstitutionDirectory;
  readonly createInstitution: CreateInstitution;
  readonly users: ManageUsers;
  readonly people: UserRepository;
  readonly setPassword: (userId: string, password: string) => Promise<void>;
  readonly importCourse: ImportCourse;
  readonly unitOfWork: UnitOfWork;
  readonly courses: CourseRepository;
  readonly assignments: ManageAssignments;
  readonly assigned: AssignmentRepository;
  readonly enrolments: ManageEnrolments;
  readonly ids: IdSource;
}

const source = 'attune-demo';

/**
 * Founds the demo school: three people and the cell biology course. Where some of it or all of it is there already, it
 * adds what is missing, changes no course, and gives the three people new passwords.
 */
export async function seedDemoSchool(
  services: SeedServices,
  folder: CourseFolder,
  pictures: readonly FolderPicture[] = [],
): Promise<DemoAccounts> {
  const institutionId = (await services.directory.findInstitutionId(demoSlug)) ?? (await found(services));
  const system = dangerousSystemActor(institutionId);
  const { externalId } = folder.course as { externalId: string };
  const known = await services.unitOfWork.read(system, () => services.courses.findCourseByKey({ source, externalId }));
  const courseId =
    known?.id ?? expect(await services.importCourse.execute(system, source, { ...folder, pictures })).courseId;
  await assignDrawings(services, system, courseId, folder);

  const join = async (
    name: string,
    email: string,
    role: Role,
    part: 'learner' | 'teacher' | null,
  ): Promise<{ email: string; password: string }> => {
    const password = randomBytes(9).toString('base64url');
    const there = await services.unitOfWork.read(system, () => services.people.findByEmail(email));
    const id = there?.id ?? services.ids.next();
    if (there === null) {
      expect(await services.users.create(system, { id, name, email, password, language: 'en', roles: [role] }));
    } else {
      await services.unitOfWork.run(system, () => services.setPassword(id, password));
    }
    if (part !== null) expect(await services.enrolments.enrol(system, { courseId, userId: id, role: part }));
    return { email, password };
  };
  return {
    institutionId,
    institution: demoSlug,
    student: await join('Sam Student', 'sam@demo.school', 'student', 'learner'),
    teacher: await join('Tess Teacher', 'tess@demo.school', 'teacher', 'teacher'),
    admin: await join('Ada Admin', 'ada@demo.school', 'admin', null),
  };
}

async function found(services: SeedServices): Promise<string> {
  const institution = await services.createInstitution.execute({
    slug: demoSlug,
    name: 'Attune demo school',
    jurisdiction: 'unknown',
    timeZone: 'Europe/Berlin',
    language: 'en',
  });
  return expect(institution).id;
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
    const page = { first: 100, after: null };
    const { items } = await services.unitOfWork.read(system, () => services.assigned.listAssignments(courseId, page));
    if (items.some(({ activityId }) => activityId === activity!.id)) continue;
    const id = services.ids.next();
    const dates = { opensAt: null, dueAt: null };
    expect(
      await services.assignments.create(system, {
        id,
        courseId,
        activityId: activity!.id,
        title,
        stakes: 'practice',
        release: 'teacher',
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
