import type { Candidate, ChoiceInput } from '../model/choice.js';
import type { CourseControls, DueDate } from '../model/course-controls.js';
import type { Policy } from '../model/policy.js';
import { indexOf } from './candidate-index.js';
import { fitsLearner } from './fits-learner.js';
import { metOf } from './met-of.js';
import type { SkillGraph } from './skill-graph.js';

const dayMs = 86_400_000;

/** Days by which a date is nearer when it is twice as urgent. */
const halfLifeDays = 3;

/** Days after which a date that has passed no longer counts. */
const graceDays = 7;

/** A policy with the course's own threshold of mastery, if it has one. */
export function underControls(policy: Policy, controls: CourseControls | undefined): Policy {
  const masteryThreshold = controls?.masteryThreshold ?? null;
  return masteryThreshold === null ? policy : { ...policy, masteryThreshold };
}

/**
 * The activity that a teacher has pinned and that comes before everything else: of the pins, in their order, the first
 * that is for this learner, has not ended, and whose activity she has not done, can be given, is not banned, and is about
 * a skill. Neither prerequisites nor repetition hold it up. What she cannot use is no help to her, so it stays away, and so
 * does what is handed in rather than answered.
 */
export function pinnedFor(input: ChoiceInput, controls: CourseControls): Candidate | null {
  const { learner, now = -Infinity } = input;
  const banned = new Set(controls.banned);
  for (const { activityId, forLearner, until = Infinity } of controls.pinned) {
    if ((forLearner !== undefined && forLearner !== learner.id) || until <= now || banned.has(activityId)) continue;
    const candidate = indexOf(input.candidates).find(activityId);
    if (candidate === undefined || isDone(candidate, input) || !canBeAnswered(candidate)) continue;
    if (fitsLearner(candidate, learner)) return candidate;
  }
  return null;
}

function canBeAnswered({ kind, skillIds }: Candidate): boolean {
  return kind !== 'visual-assignment' && skillIds.length > 0;
}

/** Whether a learner has done an activity; where that is not known, whether it was shown and she has gone on since. */
export function isDone(
  candidate: Candidate,
  { sequence, exposures }: Pick<ChoiceInput, 'sequence' | 'exposures'>,
): boolean {
  const seen = metOf(candidate, exposures).lastSeenSequence;
  return candidate.done ?? (seen !== null && seen < sequence);
}

/** How near a date is, and how urgent: 2^(−days/3) before it, 1 for a week after it, then 0. No number: 0. */
export function urgencyOf(at: number, now: number = at): { readonly daysLeft: number; readonly urgency: number } {
  const daysLeft = (at - now) / dayMs;
  if (!Number.isFinite(daysLeft)) return { daysLeft: 0, urgency: 0 };
  if (daysLeft < 0) return { daysLeft, urgency: daysLeft >= -graceDays ? 1 : 0 };
  return { daysLeft, urgency: 2 ** (-daysLeft / halfLifeDays) };
}

/** The most urgent date that an activity serves. */
export interface ServedDate {
  readonly daysLeft: number;
  readonly urgency: number;
}

/**
 * Says which date an activity serves: one by which it should itself be done, one of the skill that it would teach, or one
 * of something that this skill is a prerequisite of. What is done or mastered serves no date any more.
 */
export class DueDates {
  private readonly activities = new Map<string, ServedDate>();
  private readonly skills = new Map<string, ServedDate>();
  /** By skill, the most urgent date that an activity for it can serve. */
  private readonly nearest = new Map<string, ServedDate>();

  constructor(due: readonly DueDate[], input: ChoiceInput, graph: SkillGraph) {
    for (const date of due) {
      const served = urgencyOf(date.at, input.now);
      if (served.urgency === 0) continue;
      if ('skillId' in date) {
        for (const id of [date.skillId, ...graph.prerequisitesOf(date.skillId)]) this.keepSkill(id, served);
        continue;
      }
      const candidate = indexOf(input.candidates).find(date.activityId);
      if (candidate === undefined || isDone(candidate, input)) continue;
      keep(this.activities, date.activityId, served);
      for (const skillId of candidate.skillIds) {
        keep(this.nearest, skillId, served);
        for (const id of graph.prerequisitesOf(skillId)) this.keepSkill(id, served);
      }
    }
  }

  private keepSkill(skillId: string, date: ServedDate): void {
    keep(this.skills, skillId, date);
    keep(this.nearest, skillId, date);
  }

  get isEmpty(): boolean {
    return this.activities.size === 0 && this.skills.size === 0;
  }

  /** How urgent the most urgent date is that an activity for a skill can serve. */
  mostFor(skillId: string): number {
    return this.nearest.get(skillId)?.urgency ?? 0;
  }

  /** Whether an activity should itself be done by a date, and is not. */
  has({ activityId }: Candidate): boolean {
    return this.activities.has(activityId);
  }

  /** `learning`: the skill that the activity would teach is not mastered. Null when it serves none. */
  servedBy({ activityId }: Candidate, target: string, learning: boolean): ServedDate | null {
    const itself = this.activities.get(activityId);
    const skill = learning ? this.skills.get(target) : undefined;
    if (itself === undefined || skill === undefined) return itself ?? skill ?? null;
    return itself.urgency >= skill.urgency ? itself : skill;
  }
}

function keep(dates: Map<string, ServedDate>, id: string, date: ServedDate): void {
  const before = dates.get(id);
  if (before === undefined || date.urgency > before.urgency) dates.set(id, date);
}
