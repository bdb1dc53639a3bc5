import type { Clock, Failure } from '#libs/kernel';
import type { Actor, InstitutionRepository, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { ControlsOfCourse, SetControls } from '../model/course-controls.js';
import { fromControls } from '../policy/speak-of-controls.js';
import { warnOfControls } from '../policy/warn-of-controls.js';
import type { CatalogueSource, CourseControlsRepository, StoredControls } from '../ports.js';
import { noSuchCourse } from './refusals.js';

/** What reading the controls of a course needs. */
export interface ControlDependencies {
  readonly access: CourseAccess;
  readonly unitOfWork: UnitOfWork;
  readonly institutions: InstitutionRepository;
  readonly controls: CourseControlsRepository;
  readonly catalogues: CatalogueSource;
  readonly clock: Clock;
}

/** Reads what the teachers of a course have set for choosing, for those who teach it. */
export class ReadCourseControls {
  constructor(private readonly deps: ControlDependencies) {}

  async execute(actor: Actor, courseId: string): Promise<ControlsOfCourse | Failure> {
    const { unitOfWork, controls, access } = this.deps;
    return unitOfWork.read(actor, async () => {
      const refusal = await demandTeaching(access, actor, courseId);
      if (refusal !== null) return refusal;
      const stored = await controls.findControls(courseId);
      return stored === null ? noSuchCourse() : describeControls(this.deps, actor, courseId, stored);
    });
  }
}

/** Stored controls in the words of teachers, with warnings. */
export async function describeControls(
  { institutions, controls: repository, catalogues, clock }: Omit<ControlDependencies, 'access' | 'unitOfWork'>,
  actor: Actor,
  courseId: string,
  { version, controls }: StoredControls,
): Promise<ControlsOfCourse | Failure> {
  const catalogue = await catalogues.getCatalogue(actor, courseId, 'latest');
  if (catalogue === null) return noSuchCourse();
  const { timeZone } = await institutions.getInstitution();
  const pseudonyms = [...new Set(controls.pinned.flatMap(({ forLearner }) => forLearner ?? []))];
  const learners = pseudonyms.length === 0 ? [] : await repository.listLearners(courseId, { pseudonyms });
  const present = new Map(learners.map(({ id, pseudonym }) => [pseudonym, id]));
  const learning = new Set(learners.filter(({ learns }) => learns).map(({ pseudonym }) => pseudonym));
  const said: SetControls = fromControls(controls, timeZone, present);
  const shown = {
    ...controls,
    pinned: controls.pinned.filter(({ forLearner: one }) => one === undefined || present.has(one)),
  };
  const warnings = warnOfControls(shown, catalogue, learning, clock.now());
  return { kind: 'course-controls', courseId, version, ...said, warnings };
}
