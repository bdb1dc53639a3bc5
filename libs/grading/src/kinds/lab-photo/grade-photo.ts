import { blankCriterion } from '../graded-by-rules.js';
import { cardCorrection, colourDifference, toLab, toLight, type LinearColour } from '../../model/colour.js';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionHint, CriterionScore, ErrorCode } from '../../model/grading-result.js';
import type { PhotoFinding } from '../../photo.ports.js';
import type { LabPhoto, PhotoCriterion } from './lab-photo.js';
import type { PhotoFindings } from './photo-tasks.js';

type Criterion<M extends PhotoCriterion['measure']> = Extract<PhotoCriterion, { measure: M }>;
type Found<K extends PhotoFinding['kind']> = Extract<PhotoFinding, { kind: K }>;

/** How sure each finding is: weights of the rules, lower where a person may well see it otherwise. */
const confidences = {
  /** The count stays the same, or earns the same, with other settings nearby. */
  sameCount: 0.97,
  sameVerdict: 0.9,
  otherVerdict: 0.6,
  measured: 0.95,
  /** So near to the edge of what is expected that the error of measuring decides. */
  onTheEdge: 0.7,
  /** Something else looks like a needle as well; a region has more than one colour. */
  unclear: 0.6,
  nothing: 0.4,
} as const;

/** By how much measurements may be off: the needle in degrees, a colour in ΔE, a length as a share of itself. */
const errors = { needle: 1.5, colour: 1.5, length: 0.02 } as const;
/** Clearness of a needle, and spread of the light of a region, from which on they are doubtful. */
const doubtful = { clearness: 0.3, spread: 0.15 } as const;

/**
 * Scores what was measured. A value in what is expected earns all points, one beside it by the margin of `partial` at most that
 * share of them, and any other none. Confidences say whether a small error of measuring would change that.
 */
export function gradePhoto(specification: LabPhoto, findings: PhotoFindings): readonly CriterionScore[] {
  const { card = [], scale } = specification;
  const patches = findings.card.flatMap((found, at) =>
    found.kind === 'colour' ? [{ seen: found.colour, known: toLight(card[at]!.lab) }] : [],
  );
  const corrected = patches.length === 0 ? (seen: LinearColour) => seen : cardCorrection(patches);
  const unitsPerWidth =
    scale !== undefined && findings.scale?.kind === 'length' ? scale.length / findings.scale.length : null;
  return specification.criteria.map((criterion, at) => {
    const found = findings.criteria[at] ?? { kind: 'nothing' };
    switch (criterion.measure) {
      case 'count':
        return found.kind === 'counted' ? scoreCount(criterion, found) : scoreNothing(criterion);
      case 'colour':
        return found.kind === 'colour' ? scoreColour(criterion, found, corrected) : scoreNothing(criterion);
      case 'gauge':
        return found.kind === 'needle' ? scoreGauge(criterion, found) : scoreNothing(criterion);
      case 'length':
        return found.kind === 'length' && unitsPerWidth !== null
          ? scoreLength(criterion, found, { unitsPerWidth, unit: scale!.unit })
          : scoreNothing(criterion);
    }
  });
}

/** Where there is no needle or no thing to be measured: a person may still see it. */
export function scoreNothing(criterion: PhotoCriterion): CriterionScore {
  const hint: CriterionHint = { key: 'orient', parameters: { label: criterion.label } };
  return { ...blankCriterion(criterion), confidence: confidences.nothing, hint };
}

function scoreCount(criterion: Criterion<'count'>, { count, least, most, things }: Found<'counted'>): CriterionScore {
  const { of, low, high } = criterion;
  const range = { low, high };
  const awarded = awardedFor(criterion, count, range);
  const isStable = [least, most].every((other) => awardedFor(criterion, other, range) === awarded);
  const sure = least === most ? confidences.sameCount : isStable ? confidences.sameVerdict : confidences.otherVerdict;
  // Where nothing is found at all, it may be that the program does not see it.
  const confidence = count === 0 && low > 0 ? confidences.nothing : sure;
  const regions = things.map(({ outline }) => outline);
  const hint = { key: 'miscounted', parameters: { of, counted: count, low, high } } as const;
  return scored(criterion, { awarded, confidence, error: 'miscounted', regions, hint, isRight: isIn(count, range) });
}

function scoreColour(
  criterion: Criterion<'colour'>,
  { colour, spread, outline }: Found<'colour'>,
  corrected: (seen: LinearColour) => LinearColour,
): CriterionScore {
  const { target, tolerance } = criterion;
  const lab = toLab(corrected(colour));
  const difference = colourDifference(lab, target);
  const range = { low: 0, high: tolerance };
  const isUneven = spread > doubtful.spread;
  const confidence = isUneven ? confidences.unclear : confidenceAt(criterion, difference, range, errors.colour);
  const [lightness, a, b] = lab.map((value) => round(value, 1)) as [number, number, number];
  const parameters = { lightness, a, b, difference: round(difference, 1), tolerance };
  return scored(criterion, {
    awarded: awardedFor(criterion, difference, range),
    confidence,
    error: 'wrong-colour',
    regions: [outline],
    hint: { key: 'wrong-colour', parameters },
    isRight: isIn(difference, range),
  });
}

function scoreGauge(criterion: Criterion<'gauge'>, { angle, clearness, outline }: Found<'needle'>): CriterionScore {
  const { from, to, unit, expected, tolerance } = criterion;
  const { value, perDegree } = gaugeReading(criterion, angle);
  const range = { low: expected - tolerance, high: expected + tolerance };
  const isClear = clearness >= doubtful.clearness;
  const sure = confidenceAt(criterion, value, range, errors.needle * perDegree);
  // As many digits as a degree is worth.
  const read = round(value, Math.max(0, Math.ceil(-Math.log10(Math.abs(to.value - from.value) / 270))));
  return scored(criterion, {
    awarded: awardedFor(criterion, value, range),
    confidence: isClear ? sure : confidences.unclear,
    error: 'wrong-reading',
    regions: [outline],
    hint: { key: 'wrong-reading', parameters: { read, unit, side: value < expected ? 'below' : 'above' } },
    isRight: isIn(value, range),
  });
}

/**
 * What a gauge shows. A needle beyond either end of the scale shows the end that is nearer.
 * @param angle degrees clockwise from straight up
 */
export function gaugeReading(
  { from, to }: Pick<Criterion<'gauge'>, 'from' | 'to'>,
  angle: number,
): { readonly value: number; readonly perDegree: number } {
  const clockwise = (degrees: number): number => ((degrees % 360) + 360) % 360;
  const sweep = clockwise(to.angle - from.angle) || 360;
  const along = clockwise(angle - from.angle);
  const beyond = along > sweep ? (along < sweep + (360 - sweep) / 2 ? sweep : 0) : along;
  const perDegree = (to.value - from.value) / sweep;
  return { value: from.value + beyond * perDegree, perDegree: Math.abs(perDegree) };
}

function scoreLength(
  criterion: Criterion<'length'>,
  { length, outline }: Found<'length'>,
  { unitsPerWidth, unit }: { readonly unitsPerWidth: number; readonly unit: string },
): CriterionScore {
  const { expected, tolerance } = criterion;
  const measured = length * unitsPerWidth;
  const range = { low: expected - tolerance, high: expected + tolerance };
  const parameters = { measured: Number(measured.toPrecision(3)), unit, side: measured < expected ? 'below' : 'above' };
  return scored(criterion, {
    awarded: awardedFor(criterion, measured, range),
    confidence: confidenceAt(criterion, measured, range, errors.length * measured),
    error: 'wrong-length',
    regions: [outline],
    hint: { key: 'wrong-length', parameters },
    isRight: isIn(measured, range),
  });
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

export function isIn(value: number, { low, high }: Range): boolean {
  return value >= low && value <= high;
}

export function awardedFor({ points, partial }: PhotoCriterion, value: number, range: Range): number {
  if (isIn(value, range)) return points;
  const beside = Math.max(range.low - value, value - range.high);
  return partial !== undefined && beside <= partial.margin ? round(points * partial.share, 4) : 0;
}

/** Lower where an error of measuring could change what is earned. */
function confidenceAt(criterion: PhotoCriterion, value: number, range: Range, error: number): number {
  const [lower, usual, upper] = [value - error, value, value + error].map((each) => awardedFor(criterion, each, range));
  // A difference between colours is never below nothing.
  const isSame = usual === upper && (usual === lower || value - error < 0);
  return isSame ? confidences.measured : confidences.onTheEdge;
}

export function scored(
  criterion: PhotoCriterion,
  found: {
    readonly awarded: number;
    readonly confidence: number;
    readonly error: ErrorCode;
    readonly regions: readonly Polygon[];
    readonly hint: CriterionHint;
    readonly isRight: boolean;
  },
): CriterionScore {
  const { awarded, confidence, error, regions, hint, isRight } = found;
  return {
    ...blankCriterion(criterion),
    awarded,
    confidence,
    error: isRight ? null : error,
    evidence: { markIds: [], regions },
    hint: isRight ? null : hint,
  };
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
