import { inOrder, type PageMatch, type ScanMatching, type ScanPage } from '../model/scan-batch.js';
import { nameMatcher, type NamedLearner } from './match-names.js';

type PageToMatch = Pick<ScanPage, 'id' | 'number' | 'position' | 'path' | 'kind' | 'code'>;

/** How pages are laid to learners. */
export interface MatchingPlan {
  /** Learners whose pages these may be; by order, as they lie in the pile. */
  readonly pile: readonly NamedLearner[];
  /** Learners by what the codes on their sheets say. */
  readonly codes: ReadonlyMap<string, string>;
  readonly matchBy: ScanMatching;
  /** By order: how many pages each learner has. */
  readonly pagesPerLearner: number;
}

/** By order: where every learner has all of her pages, and where somebody must lack one. */
const orderWeights = { complete: 0.9, incomplete: 0.4 } as const;

/**
 * Proposes whose pages are: by a code on the sheet, else by the plan. Nothing is proposed for a blank page or a cover, nor where
 * two learners are as likely.
 * @returns what is proposed, by page
 */
export function matchPages(pages: readonly PageToMatch[], plan: MatchingPlan): ReadonlyMap<string, PageMatch> {
  const works = inOrder(pages).filter(({ kind }) => kind === 'work');
  const matches = new Map<string, PageMatch>();
  for (const { id, code } of works) {
    const learnerId = code === null ? undefined : plan.codes.get(code);
    if (learnerId !== undefined) matches.set(id, { learnerId, reason: 'code', confidence: 1 });
  }
  const rest = works.filter(({ id }) => !matches.has(id));
  const found = plan.matchBy === 'names' ? byNames(rest, plan) : byOrder(rest, matches, plan);
  return new Map([...matches, ...found]);
}

function byNames(pages: readonly PageToMatch[], { pile }: MatchingPlan): Map<string, PageMatch> {
  const matcher = nameMatcher(pile);
  const found = new Map<string, PageMatch>();
  for (const { id, path } of pages) {
    const match = path === null ? null : matcher(path);
    if (match !== null) found.set(id, match);
  }
  return found;
}

/** Learners whom codes have told already are left out, with their pages. */
function byOrder(
  pages: readonly PageToMatch[],
  told: ReadonlyMap<string, PageMatch>,
  { pile, pagesPerLearner }: MatchingPlan,
): Map<string, PageMatch> {
  const known = new Set(Array.from(told.values(), ({ learnerId }) => learnerId));
  const rest = pile.filter(({ learnerId }) => !known.has(learnerId));
  const isComplete = pages.length === rest.length * pagesPerLearner;
  const confidence = isComplete ? orderWeights.complete : orderWeights.incomplete;
  return new Map(
    pages.flatMap(({ id }, index): [string, PageMatch][] => {
      const learner = rest[Math.floor(index / pagesPerLearner)];
      return learner === undefined ? [] : [[id, { learnerId: learner.learnerId, reason: 'order', confidence }]];
    }),
  );
}
