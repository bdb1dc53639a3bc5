import type { Choice, ChoiceInput, Reason } from '../model/choice.js';
import type { Counterfactual, Explanation, Term } from '../model/explanation.js';
import {
  breakOption,
  type Intervention,
  type InterventionInput,
  type InterventionReason,
} from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { catalogues, type ExplanationLanguage } from '../words/catalogue.js';
import { wordedTerms, type ChangeWords, type Messages } from '../words/messages.js';
import { chooseIntervention } from './choose-intervention.js';
import { chooseNext } from './choose-next.js';
import { counterfactualOf, counterfactualOfTerms, type DecidingControl } from './counterfactual.js';
import { underControls } from './teacher-controls.js';
import { explain, isHiddenFromTeacher, type SkillNames } from './explain.js';

/** A decision as it is stored: what was chosen, why, and the whole distribution. */
export interface StoredDecision {
  readonly activityId: string;
  readonly reason: Reason;
  /** Of what was chosen. */
  readonly terms: readonly Term[];
  readonly candidates: readonly { readonly activityId: string; readonly probability: number }[];
}

/** An offer as it is stored. */
export interface StoredOffer {
  /** `breakOption` for a break. */
  readonly activityId: string;
  readonly reason: InterventionReason;
  /** Of what was offered. */
  readonly terms: readonly Term[];
  readonly candidates: StoredDecision['candidates'];
}

/** How a decision is told. */
export interface Telling {
  readonly names: SkillNames & { readonly activityName?: (activityId: string) => string };
  readonly language: ExplanationLanguage;
  /** Whether the learner lets her teachers see what is estimated of her engagement; left out, she does not. */
  readonly shareEngagement?: boolean;
}

/** What a decision was made with: with the input the counterfactual is found by choosing again. */
export interface DecidedWith<Input> {
  readonly policy: Policy;
  readonly input?: Input;
}

/** What is stored of a choice. */
export function storedDecision(choice: Extract<Choice, { kind: 'chosen' }>): StoredDecision {
  const { activityId, reason, candidates } = choice;
  const own = candidates.find((each) => each.activityId === activityId);
  return { activityId, reason, terms: own?.terms ?? [], candidates };
}

/** What is stored of an offer. */
export function storedOffer(offer: Exclude<Intervention, { kind: 'none' }>): StoredOffer {
  const activityId = offer.kind === 'offer' ? offer.activityId : breakOption;
  const own = offer.candidates.find((each) => each.activityId === activityId);
  return { activityId, reason: offer.reason, terms: own?.terms ?? [], candidates: offer.candidates };
}

/**
 * Why an activity was chosen: its terms, what would have changed that, and both in words. With the input of the choice the
 * counterfactual is found by choosing again; from the stored decision alone it is found by its terms, if what was drawn was
 * the most probable. A control that decided is named. A teacher is told nothing of the learner's engagement that she does
 * not share.
 */
export function explainDecision(
  decision: StoredDecision,
  { policy, input }: DecidedWith<ChoiceInput>,
  telling: Telling,
): Explanation {
  const again = (changed: ChoiceInput): readonly string[] => {
    // more than the first few are not looked at, and the length of the shortlist does not change which is first
    const choice = chooseNext(changed, { ...policy, shortlist: 4 }, '');
    return choice.kind === 'chosen' ? choice.candidates.map(({ activityId }) => activityId) : [];
  };
  const counterfactual = input
    ? counterfactualOf(input, again, {
        masteryThreshold: underControls(policy, input.controls).masteryThreshold,
        decidedBy: controls[decision.reason.code] ?? null,
      })
    : counterfactualOfStored(decision, policy);
  return told(decision, counterfactual, telling);
}

/** Why something was offered, in the same way; from what is stored alone there is no counterfactual. */
export function explainOffer(
  offer: StoredOffer,
  { policy, input }: DecidedWith<InterventionInput>,
  telling: Telling,
): Explanation {
  const again = (changed: InterventionInput): readonly string[] => {
    const other = chooseIntervention(changed, policy, '');
    return other.kind === 'none' ? [] : other.candidates.map(({ activityId }) => activityId);
  };
  const counterfactual = input
    ? counterfactualOf(input, again, {
        masteryThreshold: underControls(policy, input.controls).masteryThreshold,
        decidedBy: null,
      })
    : null;
  return told(offer, counterfactual, telling);
}

const controls: Readonly<Partial<Record<Reason['code'], DecidingControl>>> = {
  'pinned-by-teacher': 'pin',
  'ordered-by-teacher': 'order',
  'due-soon': 'due-date',
};

/**
 * By the propensities the gap between the first two utilities is T ln((π₁ − ε/n) / (π₂ − ε/n)). An order or a date is
 * named as the reason only where something else would have been the best without it, so that is known without choosing
 * again; what a pin kept away is not.
 */
function counterfactualOfStored(
  { activityId, reason, terms, candidates }: StoredDecision,
  { temperature, epsilon }: Policy,
): Counterfactual | null {
  const control = controls[reason.code];
  if (control === 'order' || control === 'due-date') {
    return { change: { kind: 'without-control', control }, instead: null, size: 0, basis: 'stored-terms' };
  }
  const [first, second] = mostProbableFirst(candidates);
  if (first === undefined || second === undefined || first.activityId !== activityId) return null;
  const floor = epsilon / candidates.length;
  const gap = temperature * Math.log((first.probability - floor) / (second.probability - floor));
  return counterfactualOfTerms(terms, gap, second.activityId);
}

function told(
  { activityId, reason, terms: all, candidates }: StoredDecision | StoredOffer,
  counterfactual: Counterfactual | null,
  { names, language, shareEngagement = false }: Telling,
): Explanation {
  const messages = catalogues[language];
  const terms = all.filter(({ value }) => value !== 0).sort(bySize);
  const hidden = !shareEngagement && 'trigger' in reason && isHiddenFromTeacher(reason);
  const isShared = ({ name }: Pick<Term, 'name'>): boolean => shareEngagement || !ofEngagement(name);
  const termsForTeacher = hidden ? [] : terms.filter(isShared);
  const first = mostProbableFirst(candidates)[0]?.activityId ?? activityId;
  const nameOf = (id: string): string | null => (id === activityId ? null : (names.activityName?.(id) ?? null));
  // what would have been first instead is of no interest where chance passed over the first
  const would = counterfactual && first === activityId ? sayChange(counterfactual, messages, names, nameOf) : null;
  const chance = first === activityId ? null : messages.drawn(nameOf(first));
  const numbers = counterfactual?.change.kind === 'term';
  const mayTell = !hidden && (counterfactual?.change.kind !== 'term' || isShared(counterfactual.change));
  const say = (...sentences: readonly (string | null)[]): string =>
    sentences.filter((sentence) => sentence).join(messages.betweenSentences);
  return {
    terms,
    termsForTeacher,
    counterfactual,
    sentences: {
      // how much a term counted says nothing to a learner
      learner: say(explain(reason, names, language, 'learner'), numbers ? null : would),
      teacher: say(
        explain(reason, names, language, 'teacher', { shareEngagement }),
        sayDecisive(termsForTeacher, messages),
        mayTell ? would : null,
        chance,
      ),
    },
  };
}

function mostProbableFirst(candidates: StoredDecision['candidates']): StoredDecision['candidates'] {
  return [...candidates].sort((a, b) => b.probability - a.probability || (a.activityId < b.activityId ? -1 : 1));
}

/** Terms that speak of engagement, by their names. */
function ofEngagement(name: string): boolean {
  return name === 'engagement' || name.startsWith('engagement-') || name.startsWith('engagement:');
}

function bySize(one: Term, other: Term): number {
  return Math.abs(other.value) - Math.abs(one.value) || (one.name < other.name ? -1 : 1);
}

/** Of what spoke for it the three largest, of what spoke against it the largest. */
function sayDecisive(terms: readonly Term[], messages: Messages): string {
  const word = ({ name }: Term): string => termIn(messages, name);
  return messages.decisive(
    terms
      .filter(({ value }) => value > 0)
      .slice(0, 3)
      .map(word),
    terms
      .filter(({ value }) => value < 0)
      .slice(0, 1)
      .map(word),
  );
}

function termIn(messages: Messages, name: string): string {
  const worded = wordedTerms.find((each) => each === name);
  return worded === undefined ? name : messages.terms[worded];
}

function sayChange(
  { change, instead }: Counterfactual,
  messages: Messages,
  names: Telling['names'],
  activity: ChangeWords['activity'],
): string {
  const words: ChangeWords = { skill: names.skillName, activity, term: (name) => termIn(messages, name) };
  const other = instead === null ? null : activity(instead);
  switch (change.kind) {
    case 'without-control':
      return messages.changes['without-control'](change, words, other);
    case 'mastery':
      return messages.changes.mastery(change, words, other);
    case 'times-seen':
      return messages.changes['times-seen'](change, words, other);
    case 'retrievability':
      return messages.changes.retrievability(change, words, other);
    case 'term':
      return messages.changes.term(change, words, other);
  }
}
