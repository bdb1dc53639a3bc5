import type { SensingMode } from '#libs/governance';
import type { ActivityContent, ActivityKind, Modality } from '#libs/learning';
import type { StudentModel } from '#libs/mastery';
import type { CourseControls, HelpBanditState, Policy, PolicyPlan, SkillNode } from '#libs/recommendation';

/** One activity as it stands now, with everything that teaching with it takes. */
export interface CatalogueActivity {
  readonly id: string;
  /** Small number within the course; what exposures and decisions store in place of the id. */
  readonly number: number;
  readonly version: number;
  readonly kind: ActivityKind;
  readonly modality: Modality;
  readonly language: string;
  /** Logits. */
  readonly difficulty: number;
  readonly minutes: number;
  readonly skillIds: readonly string[];
  readonly content: ActivityContent;
  /** The most that may be looked at while it is done; null where nothing was set. */
  readonly sensingCeiling: SensingMode | null;
  readonly archived: boolean;
}

export interface CatalogueSkill extends SkillNode {
  /** Small number within the course, by which what is known of a learner is stored. */
  readonly number: number;
  readonly name: string;
}

/**
 * All of a course that is the same for every learner. Immutable; a change of the course makes another revision, what
 * was learnt from its learners another snapshot, and whoever holds an old one notices by the number.
 */
export interface CourseCatalogue {
  readonly courseId: string;
  readonly revision: number;
  readonly graphVersion: number;
  readonly language: string;
  readonly masteryThreshold: number;
  /** What its teachers have set for choosing; learners are named by pseudonym. */
  readonly controls: CourseControls;
  readonly skills: readonly CatalogueSkill[];
  readonly skillNames: ReadonlyMap<string, string>;
  readonly activities: ReadonlyMap<string, CatalogueActivity>;
  /** Follows the learners of the course, by one snapshot of the population's weights. */
  readonly model: StudentModel;
  /** How help has done in the course so far, and the number of that. */
  readonly help: { readonly number: number; readonly bandit: HelpBanditState };
  /** Policies of the course's own. */
  readonly policies: readonly Policy[];
  /** Which policies choose; null for the one that chooses by default. */
  readonly plan: PolicyPlan | null;
}
