import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, ChoiceInput, Reason } from '../model/choice.js';
import { noControls } from '../model/course-controls.js';
import type { Term } from '../model/explanation.js';
import type { Policy } from '../model/policy.js';
import { indexOf } from './candidate-index.js';
import { reviewUrgencies } from './due-reviews.js';
import { isMastered } from './fringe-and-band.js';
import { graphOf } from './skill-graph.js';
import { best } from './softmax.js';
import { DueDates, pinnedFor, underControls } from './teacher-controls.js';

/**
 * Weights of what rules add to the utility, where the policy does not say. A review that has just come due, nine in ten
 * remembered, adds .8: about half of what new practice has. Half forgotten it adds 4, which is more than the introduction of
 * the next skill: what that stands on comes first.
 */
export const ruleWeights = { reviewDue: 8, dueDate: 2 } as const;

const noTerms: readonly Term[] = [];

/** An option, as far as rules look at it. */
export interface RuledOption {
  readonly activityId: string;
  readonly candidate: Candidate;
  readonly target: string;
  readonly learning: boolean;
  readonly utility: number;
}

/** The part of a reason that rules decide. */
export type RuledReason = Pick<Reason, 'code' | 'skillId'> & Partial<Pick<Reason, 'retrievability' | 'daysLeft'>>;

/** What rules need to know of the skills of a learner. */
interface Skills {
  mastery(skillId: string): MasteryEstimate;
  isOpen(skillId: string): boolean;
}

/**
 * What teachers have set and what is due for review, for one choice: what may not come, what must, and what is more
 * urgent. Without either, nothing is otherwise than without rules.
 */
export class ChoiceRules {
  /** The policy, with the course's own threshold of mastery if it has one. */
  readonly policy: Policy;
  /** What comes before everything else; null for nothing. */
  readonly pinned: Candidate | null;
  private readonly controls;
  private readonly banned: ReadonlySet<string>;
  private readonly dates: DueDates;
  private readonly reviews;
  /** How urgent the most urgent review is that an exercise for a skill can be. */
  private readonly reviewNear = new Map<string, number>();
  private readonly weights: Readonly<Record<keyof typeof ruleWeights, number>>;

  constructor(
    private readonly input: ChoiceInput,
    policy: Policy,
  ) {
    this.controls = input.controls ?? noControls();
    const { banned, due } = this.controls;
    this.policy = underControls(policy, this.controls);
    this.banned = new Set(banned);
    this.pinned = pinnedFor(input, this.controls);
    this.dates = new DueDates(due, input, graphOf(input.skills));
    this.reviews = reviewUrgencies(input);
    const { reviewDue = ruleWeights.reviewDue, dueDate = ruleWeights.dueDate } = this.policy.weights;
    this.weights = { reviewDue, dueDate };
    for (const [skillId, { urgency }] of this.reviews) {
      for (const near of indexOf(input.candidates).beside(skillId))
        if (urgency > (this.reviewNear.get(near) ?? 0)) this.reviewNear.set(near, urgency);
    }
  }

  /** Skills that are due for review. */
  get dueSkills(): Iterable<string> {
    return this.reviews.keys();
  }

  /** The most that rules can add to the utility of an activity for a skill. */
  mostAddedTo(skillId: string): number {
    const review = (this.reviewNear.get(skillId) ?? 0) * this.weights.reviewDue;
    return Math.max(0, review) + Math.max(0, this.dates.mostFor(skillId) * this.weights.dueDate);
  }

  /** Those of some skills of which rules may add to the utility of an activity. */
  lifted(skillIds: readonly string[]): readonly string[] {
    if (this.reviews.size === 0 && this.dates.isEmpty) return [];
    return skillIds.filter((skillId) => this.mostAddedTo(skillId) > 0);
  }

  /** The skills that the order of the course puts first and that can be learnt now, in that order. */
  orderFor(skills: Skills): readonly string[] {
    return this.controls.order.filter((id) => skills.isOpen(id) && !isMastered(skills.mastery(id), this.policy));
  }

  isBanned({ activityId }: Candidate): boolean {
    return this.banned.has(activityId);
  }

  get haveDates(): boolean {
    return !this.dates.isEmpty;
  }

  /** Whether an activity is asked for by a date of its own: then it need not be an introduction. */
  isDated(candidate: Candidate): boolean {
    return this.dates.has(candidate);
  }

  /** Whether an exercise may come because of a review: every skill is open or due, and one at least is due. */
  isReview({ kind, skillIds }: Candidate, skills: Pick<Skills, 'isOpen'>): boolean {
    if (this.reviews.size === 0 || kind !== 'exercise') return false;
    const graph = graphOf(this.input.skills);
    return (
      skillIds.some((skillId) => this.reviews.has(skillId)) &&
      skillIds.every((skillId) => (this.reviews.has(skillId) && graph.find(skillId) !== null) || skills.isOpen(skillId))
    );
  }

  /** What rules add to the utility of an option, by name; only what is not 0. */
  terms({ candidate, target, learning }: Omit<RuledOption, 'utility'>): readonly Term[] {
    if (this.reviews.size === 0 && this.dates.isEmpty) return noTerms;
    const review = this.reviewOf(candidate)?.urgency ?? 0;
    const date = this.dates.servedBy(candidate, target, learning)?.urgency ?? 0;
    const terms: Term[] = [];
    if (review > 0) terms.push({ name: 'review-due', value: review * this.weights.reviewDue });
    if (date > 0) terms.push({ name: 'due-soon', value: date * this.weights.dueDate });
    return terms;
  }

  /**
   * The options that the order of the course leaves: those that teach its earliest skill that is open, not mastered and
   * has any, and those that are due for review. All of them where the order says nothing: it is empty, mastered, closed,
   * unknown, or without an activity.
   */
  inOrder<T extends RuledOption>(options: readonly T[], skills: Skills): readonly T[] {
    for (const skillId of this.orderFor(skills)) {
      if (!options.some(({ target, learning }) => learning && target === skillId)) continue;
      return options.filter(
        ({ target, learning, candidate }) => (learning && target === skillId) || this.reviewOf(candidate) !== null,
      );
    }
    return options;
  }

  /**
   * The reason that rules give for an option; null where they did not decide. A control decided when without it something
   * else would have been the best.
   */
  decided<T extends RuledOption>(option: T, eligible: readonly T[], unordered: readonly T[]): RuledReason | null {
    const { candidate, target, learning } = option;
    if (this.pinned !== null) return { code: 'pinned-by-teacher', skillId: target };
    const review = this.reviewOf(candidate);
    const isOrdered = unordered !== eligible && review === null;
    if (isOrdered && !eligible.includes(best(unordered, 1)[0]!)) return { code: 'ordered-by-teacher', skillId: target };
    const date = this.dates.servedBy(candidate, target, learning);
    if (date !== null && this.isLifted(option, eligible)) {
      return { code: 'due-soon', skillId: target, daysLeft: date.daysLeft };
    }
    if (review === null || (learning && !this.reviews.has(target))) return null;
    const { skillId, retrievability } = learning ? this.reviews.get(target)! : review;
    return { code: 'review-due', skillId, retrievability };
  }

  /** The same input without what teachers have banned; null where they have banned nothing. */
  unbanned(): ChoiceInput | null {
    const { controls } = this.input;
    if (controls === undefined || controls.banned.length === 0) return null;
    return { ...this.input, controls: { ...controls, banned: [] } };
  }

  /** Whether dates lift an option above what would be the best without them. */
  private isLifted(option: RuledOption, eligible: readonly RuledOption[]): boolean {
    const undated = eligible.map((each) => ({
      ...each,
      utility: each.utility - this.dateTerm(each),
      with: each.utility,
    }));
    const [first] = best(undated, 1);
    return first!.activityId !== option.activityId && first!.with <= option.utility;
  }

  private dateTerm(option: RuledOption): number {
    return this.terms(option).find(({ name }) => name === 'due-soon')?.value ?? 0;
  }

  /** The most urgent of the reviews that an exercise would be; null for none. */
  private reviewOf({ kind, skillIds }: Candidate) {
    if (this.reviews.size === 0 || kind !== 'exercise') return null;
    const found = skillIds.flatMap((skillId) => this.reviews.get(skillId) ?? []);
    return found.reduce<(typeof found)[number] | null>(
      (most, each) => (most === null || each.urgency > most.urgency ? each : most),
      null,
    );
  }
}
