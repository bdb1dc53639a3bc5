import type { Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import { modelOf } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import { policyOf } from '../policy/policy-of.js';
import type { CatalogueSource, LearnerArchive } from '../ports.js';
import { noSuchCourse } from './refusals.js';

/** A skill of a course, and how far a class has come with it. */
export interface SkillOfClass {
  readonly skillId: string;
  readonly name: string;
  readonly prerequisiteIds: readonly string[];
  /** Learners who have begun it, and who have mastered it. */
  readonly begun: number;
  readonly mastered: number;
  /** Median mastery of those who have begun it; null where nobody has. */
  readonly median: number | null;
  /** Quartiles of the same. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/** The map of a course's skills. */
export interface SkillMap {
  readonly learners: number;
  readonly skills: readonly SkillOfClass[];
}

/** Reads how far a class has come with the skills of its course, for those who teach it. */
export class ReadSkillMap {
  constructor(
    private readonly access: CourseAccess,
    private readonly archive: LearnerArchive,
    private readonly catalogues: CatalogueSource,
  ) {}

  async execute(actor: Actor, courseId: string): Promise<SkillMap | Failure> {
    const refusal = await demandTeaching(this.access, actor, courseId);
    if (refusal !== null) return refusal;
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return noSuchCourse();
    const states = await this.archive.listStates(actor, courseId);
    const policy = policyOf(catalogue);
    const skills = catalogue.skills.map(({ id: skillId, name, prerequisiteIds }): SkillOfClass => {
      const begun = states
        .map(({ mastery }) => modelOf(mastery, catalogue.model).estimate(mastery, skillId))
        .filter(({ responses }) => responses > 0);
      const sorted = begun.map(({ probability }) => probability).sort((a, b) => a - b);
      const at = (share: number): number | null => sorted[Math.floor(share * (sorted.length - 1))] ?? null;
      const mastered = begun.filter((mastery) => isMastered(mastery, policy)).length;
      return {
        skillId,
        name,
        prerequisiteIds,
        begun: begun.length,
        mastered,
        median: at(0.5),
        lower: at(0.25),
        upper: at(0.75),
      };
    });
    return { learners: states.length, skills };
  }
}
