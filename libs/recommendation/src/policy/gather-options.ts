import type { Policy } from '../model/policy.js';
import type { LearnerView } from './learner-view.js';
import { Shortlist } from './softmax.js';
import { mostOf, type Option } from './utility.js';
import { optionsFor, type Choosing } from './weigh-options.js';

/** How many skills that the learner has not met are weighed at once. */
const unmetAtOnce = 16;

export interface Options {
  /** Everything that was looked at, whether too soon again or not. */
  readonly options: readonly Option[];
  /** The shortlist of it, as it would be without the order that a teacher has set. */
  readonly best: readonly Option[];
}

/**
 * Gathers what could come, of the skills that may have a part in the choice: the skill that the teacher's order names, then
 * those that are open, the most promising first, until no option of the next could reach the shortlist, and what an order leaves beside its own skill: reviews. Of those that the
 * learner has not met, only so many are looked at as it takes.
 */
export function gatherOptions(choice: Choosing): Options {
  const { view, rules } = choice;
  const gathering = new Gathering(choice);
  const isOrdered = rules.orderFor(view).some((skillId) => gathering.take(skillId).some(({ learning }) => learning));
  const { begun, mastered, unmet } = view;
  gathering.takeBest([...begun, ...mastered, ...rules.lifted(unmet), ...unmet.slice(0, unmetAtOnce)]);
  for (let next = unmetAtOnce; next < unmet.length && !gathering.isEnough; next += unmetAtOnce)
    gathering.takeBest(unmet.slice(next, next + unmetAtOnce));
  for (const skillId of rules.dueSkills) {
    // an order leaves all reviews, whatever else would have come before them without it
    if (isOrdered) for (const near of view.index.beside(skillId)) gathering.take(near);
    else if (!view.isOpen(skillId)) gathering.take(skillId);
  }
  const { options } = gathering;
  return { options, best: gathering.best ?? eligibleOf(options, choice) };
}

/** Takes skill after skill, and keeps the shortlist of what has not come lately. */
class Gathering {
  readonly options: Option[] = [];
  private readonly taken = new Set<string>();
  private readonly fresh: Shortlist<Option>;
  /** Whether something can be learnt that has not come lately. If not, repeats count as well: see `withoutRepeats`. */
  private learns = false;

  constructor(private readonly choice: Choosing) {
    this.fresh = shortlistOf(choice.policy);
  }

  get isEnough(): boolean {
    return this.fresh.isFull && this.learns;
  }

  /** The shortlist of all options; null where repeats count. */
  get best(): readonly Option[] | null {
    return this.learns ? this.fresh.items : null;
  }

  /** The options of a skill, if it was not taken before. */
  take(skillId: string): readonly Option[] {
    if (this.taken.has(skillId)) return [];
    this.taken.add(skillId);
    const { view } = this.choice;
    const found = optionsFor(skillId, this.choice);
    for (const option of found) {
      this.options.push(option);
      if (view.isRepeat(option.candidate)) continue;
      this.fresh.offer(option);
      this.learns ||= option.learning;
    }
    return found;
  }

  /** Takes those of some skills that could reach the shortlist. */
  takeBest(skillIds: readonly string[]): void {
    for (const promise of promisesOf(skillIds, this.choice)) {
      const { skillId } = promise;
      if (this.fresh.mayTake(promise) || (!this.learns && !this.choice.view.isMastered(skillId))) this.take(skillId);
      else if (this.learns) return;
    }
  }
}

/** What the best activity of each of some skills could be worth at most, the most first. */
function promisesOf(skillIds: readonly string[], { policy, view, rules }: Choosing): readonly Promised[] {
  const promised = (skillId: string): Promised => {
    const kind = view.index.explains(skillId);
    const explains = kind !== null && (kind === 'with-others' || view.isIntroducible(skillId) || rules.haveDates);
    const utility = mostOf(skillId, explains, policy, view) + rules.mostAddedTo(skillId);
    return { skillId, utility, place: view.graph.placeOf(skillId) };
  };
  return skillIds.map(promised).sort((one, other) => other.utility - one.utility || one.place - other.place);
}

interface Promised {
  readonly skillId: string;
  readonly utility: number;
  readonly place: number;
}

/** The shortlist of some options, without what would come again too soon. */
export function eligibleOf(options: readonly Option[], { policy, view }: Choosing): readonly Option[] {
  const kept = shortlistOf(policy);
  for (const option of withoutRepeats(options, view)) kept.offer(option);
  return kept.items;
}

function shortlistOf({ shortlist, shortlistPerSkill }: Policy): Shortlist<Option> {
  return new Shortlist<Option>(Math.max(1, shortlist), shortlistPerSkill);
}

/**
 * What has not come lately; or, where repeats alone are left to learn from, all of those but the latest as well.
 */
function withoutRepeats(options: readonly Option[], view: LearnerView): readonly Option[] {
  const ago = ({ candidate }: Option): number => view.responsesSince(candidate);
  const fresh = options.filter(({ candidate }) => !view.isRepeat(candidate));
  if (fresh.some(({ learning }) => learning)) return fresh;
  const repeats = options.filter(({ learning }) => learning);
  if (repeats.length === 0) return fresh;
  const latest = Math.min(...repeats.map(ago));
  const others = repeats.filter((option) => ago(option) > latest);
  return fresh.concat(others.length > 0 ? others : repeats);
}
