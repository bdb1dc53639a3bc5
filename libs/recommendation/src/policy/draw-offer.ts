import { helpKey, type DrawnHelpOption, type HelpOption, type HelpPlace } from '../model/help-bandit.js';
import type { ScoredCandidate } from '../model/choice.js';
import type { InterventionInput } from '../model/intervention.js';
import type { Policy } from '../model/policy.js';
import { helpPropensities, type PriorHelpOption } from './help-bandit.js';
import { interventionNumbers } from './intervention-numbers.js';
import { best, draw, drawAmongBest, propensities } from './softmax.js';

/** Something that could be offered, with its utility. */
export interface OfferOption {
  /** An activity, or `breakOption`. */
  readonly activityId: string;
  readonly help: HelpOption;
  readonly utility: number;
  readonly terms: ScoredCandidate['terms'];
}

/** What is offered, and the whole distribution that it was drawn from. */
export interface DrawnOffer<T extends OfferOption> {
  readonly option: T;
  readonly probability: number;
  readonly candidates: readonly ScoredCandidate[];
  readonly helpOptions: readonly DrawnHelpOption[] | null;
}

/**
 * Draws what to offer. Without a bandit: a softmax of the utilities, as for the next activity. With one: the kind of help
 * by Thompson sampling, its prior leaning towards what the utilities prefer, and the piece of that kind by the softmax.
 * The two chances of a piece are multiplied first, and one number of the seed draws from the products.
 */
export function drawOffer<T extends OfferOption>(
  options: readonly T[],
  place: HelpPlace,
  { helpBandit }: Pick<InterventionInput, 'helpBandit'>,
  policy: Policy,
  seed: string,
): DrawnOffer<T> {
  if (helpBandit === undefined) {
    const { option, probability, shortlist } = drawAmongBest(options, policy, seed);
    return { option, probability, candidates: shortlist.map(scored), helpOptions: null };
  }
  const kinds = byKind(options);
  const most = Math.max(1, Math.floor(policy.shortlist / kinds.size));
  const pieces = Array.from(kinds.values(), (group) => best(group, most));
  const helpOptions = helpPropensities(
    helpBandit,
    place,
    pieces.map((group) => priorOf(group[0]!)),
    interventionNumbers(policy).helpFloor,
  );
  const shares = pieces.flatMap((group, kind) => {
    const utilities = group.map(({ utility }) => utility);
    const within = propensities(utilities, policy.temperature, policy.epsilon);
    return group.map((option, index): readonly [T, number] => [
      option,
      helpOptions[kind]!.probability * within[index]!,
    ]);
  });
  shares.sort(([one, first], [other, second]) => second - first || (one.activityId < other.activityId ? -1 : 1));
  const chances = shares.map(([, share]) => share);
  const [option, probability] = shares[draw(chances, seed)]!;
  return { option, probability, candidates: shares.map(scored), helpOptions };
}

function byKind<T extends OfferOption>(options: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const kinds = new Map<string, T[]>();
  // in one order, whatever order the options come in
  for (const option of [...options].sort((one, other) => (one.activityId < other.activityId ? -1 : 1))) {
    const key = helpKey(option.help);
    kinds.set(key, [...(kinds.get(key) ?? []), option]);
  }
  return kinds;
}

/** What the utilities prefer, as an expected reward before anything was tried: .5 for 0, .1 more for each unit. */
function priorOf({ help, terms }: OfferOption): PriorHelpOption {
  const preference = terms.reduce((sum, { name, value }) => (preferences.has(name) ? sum + value : sum), 0);
  return { ...help, expected: 0.5 + 0.1 * preference };
}

/** The terms that speak of the kind of help, not of the piece. */
const preferences: ReadonlySet<string> = new Set(['other-modality', 'kind', 'harder', 'rest']);

function scored([{ activityId, utility, terms }, probability]: readonly [OfferOption, number]): ScoredCandidate {
  return { activityId, probability, utility, terms };
}
