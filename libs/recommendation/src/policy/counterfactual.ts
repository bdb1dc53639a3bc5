import type { Counterfactual, Term } from '../model/explanation.js';
import { applyChange, type ChangeableInput, type InputChange } from './apply-change.js';
import { indexOf } from './candidate-index.js';
import { metOf } from './met-of.js';
import { graphOf } from './skill-graph.js';

/** What counts as one step of a change: a tenth of mastery or of remembering, one time of having been seen. */
const step = { probability: 0.1, timesSeen: 1 } as const;

/** Changes of a probability that are tried. */
const deltas = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7] as const;

/** Only the first few of what could have come are varied, and the skills that they rest on. */
const varied = { candidates: 3, skills: 8 } as const;

/** Choices that are made again, at the most. */
const mostReplays = 150;

/**
 * The smallest single change of an input that would have made something else the most probable choice, found by choosing
 * again (S. Wachter, B. Mittelstadt & C. Russell, "Counterfactual explanations without opening the black box", 2017). Null
 * when no change that is tried does.
 *
 * Tried are: each control that there is, left out; the mastery of skills of the three best candidates and of what these
 * stand on, up and down, to the threshold too; how often those candidates were seen; and what is due for review. Sizes are
 * on one scale: a control that decided 0, another 1; a change of a probability, in tenths; times seen, one each. They are
 * tried from the smallest on, and the first that tells is drawn closer by halving, to a hundredth, and tried once more.
 *
 * `again` gives the ids of what could come for an input, the most probable first.
 */
export function counterfactualOf<Input extends ChangeableInput>(
  input: Input,
  again: (input: Input) => readonly string[],
  { masteryThreshold, decidedBy }: { readonly masteryThreshold: number; readonly decidedBy: DecidingControl | null },
): Counterfactual | null {
  const ranking = again(input);
  const top = ranking[0];
  if (top === undefined) return null;
  const attempt = (change: InputChange): string | null | undefined => {
    const first = again(applyChange(input, change))[0] ?? null;
    return first === top ? undefined : first;
  };
  const proposals = proposalsFor(input, ranking, masteryThreshold, decidedBy).sort((a, b) => a.size - b.size);
  for (const { change, size } of proposals.slice(0, mostReplays)) {
    const instead = attempt(change);
    if (instead === undefined) continue;
    if (change.kind !== 'mastery' && change.kind !== 'retrievability') {
      return { change, instead, size, basis: 'replayed' };
    }
    const closer = drawnCloser(change, attempt);
    return {
      change: closer,
      instead: attempt(closer) ?? null,
      size: Math.abs(closer.to - closer.from) / step.probability,
      basis: 'replayed',
    };
  }
  return null;
}

/** A control that the reason of a choice names. */
export type DecidingControl = Extract<InputChange, { kind: 'without-control' }>['control'];

interface Proposal {
  readonly change: InputChange;
  readonly size: number;
}

function proposalsFor(
  input: ChangeableInput,
  ranking: readonly string[],
  masteryThreshold: number,
  decidedBy: DecidingControl | null,
): Proposal[] {
  const firsts = ranking.slice(0, varied.candidates).flatMap((id) => {
    const candidate = indexOf(input.candidates).find(id);
    return candidate === undefined ? [] : { ...candidate, ...metOf(candidate, input.exposures) };
  });
  const graph = graphOf(input.skills);
  const own = firsts.flatMap(({ skillIds }) => skillIds);
  const beneath = own.flatMap((skillId) => graph.find(skillId)?.prerequisiteIds ?? []);
  const skillIds = [...new Set([...own, ...beneath])].slice(0, varied.skills);
  return [
    ...controlsOf(input).map((control) => ({
      change: { kind: 'without-control' as const, control },
      size: control === decidedBy ? 0 : 1,
    })),
    ...skillIds.flatMap((skillId) => {
      const from = input.mastery(skillId).probability;
      return levelsAround(from, masteryThreshold).map((to) => proposal({ kind: 'mastery', skillId, from, to }));
    }),
    ...firsts.flatMap(({ activityId, timesSeen: from }, place) => {
      const more = place === 0 ? [from + 1, from + 2, from + 3] : [];
      const fewer = place === 0 ? [] : Array.from({ length: from }, (_, to) => to);
      return [...more, ...fewer].map((to) => proposal({ kind: 'times-seen', activityId, from, to }));
    }),
    ...(input.dueReviews ?? []).flatMap(({ skillId, retrievability: from }) =>
      levelsAround(from, null).map((to) => proposal({ kind: 'retrievability', skillId, from, to })),
    ),
  ];
}

function controlsOf({ controls }: ChangeableInput): readonly DecidingControl[] {
  if (controls === undefined) return [];
  const { pinned, order, due, banned } = controls;
  const set: readonly (readonly [DecidingControl, readonly unknown[]])[] = [
    ['pin', pinned],
    ['order', order],
    ['due-date', due],
    ['ban', banned],
  ];
  return set.flatMap(([control, values]) => (values.length > 0 ? [control] : []));
}

/** Probabilities at some distances from one, and the threshold with the last hundredth before it. */
function levelsAround(from: number, threshold: number | null): readonly number[] {
  const levels = deltas.flatMap((delta) => [from + delta, from - delta]);
  if (threshold !== null) levels.push(from < threshold ? threshold : threshold - 0.01);
  return levels.filter((level) => level >= 0.01 && level <= 0.99);
}

function proposal(change: Exclude<InputChange, { kind: 'without-control' }>): Proposal {
  const scale = change.kind === 'times-seen' ? step.timesSeen : step.probability;
  return { change, size: Math.abs(change.to - change.from) / scale };
}

type ProbabilityChange = Extract<InputChange, { kind: 'mastery' | 'retrievability' }>;

/** The same change, no larger than it must be: in whole hundredths, away from where it started. */
function drawnCloser(
  change: ProbabilityChange,
  attempt: (change: InputChange) => string | null | undefined,
): ProbabilityChange {
  const { from } = change;
  let near = from;
  let far = change.to;
  while (Math.abs(far - near) > 0.01) {
    const middle = (near + far) / 2;
    if (attempt({ ...change, to: middle }) === undefined) near = middle;
    else far = middle;
  }
  const rounded = far > from ? Math.ceil(far * 100 - 1e-9) / 100 : Math.floor(far * 100 + 1e-9) / 100;
  const inWhole = { ...change, to: rounded };
  return rounded > 0 && rounded < 1 && attempt(inWhole) !== undefined ? inWhole : { ...change, to: far };
}

/**
 * The same from what is stored of a choice alone: what its largest term would have had to come down to for the second to
 * draw level. `gap`: by how much the utility of the most probable is larger than that of the second. Null when there is no
 * second, or when no term alone is that large.
 */
export function counterfactualOfTerms(
  terms: readonly Term[],
  gap: number,
  second: string | null,
): Counterfactual | null {
  if (second === null || !Number.isFinite(gap)) return null;
  const [largest] = terms
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || (a.name < b.name ? -1 : 1));
  if (largest === undefined || largest.value < gap) return null;
  return {
    change: { kind: 'term', name: largest.name, from: largest.value, to: largest.value - gap },
    instead: second,
    size: gap / step.probability,
    basis: 'stored-terms',
  };
}
