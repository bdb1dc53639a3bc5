import { gradedByRules } from '../graded-by-rules.js';
import type { CriterionScore, ExtraMark, GradingResult } from '../../model/grading-result.js';
import { boundsOf, type Polygon } from '../../model/geometry.js';
import { cornersOf, type Marks } from '../../model/marks.js';
import { lengthOf, type Drawing } from '../../ink/ink.js';
import { findParts, type PartsFound } from './find-parts.js';
import { cloudOf, likeness, rankByInk, surenessOf } from './sketch-distance.js';
import { shapeId, type Sketch } from './sketch.js';

/** A part was drawn where at least this share of its ink was. */
const drawnFrom = 0.5;

/** A stroke of which less belongs to what was asked for is beside it. */
const belongsFrom = 0.4;

/** Confidence in what is blank or like nothing: a person should see it. */
const blankOrOffTopic = 0.2;

/**
 * Grades a drawing by the teacher's own drawings.
 *
 * 1. The drawing and those of all templates become clouds of points, and are ranked by how near they are (see `match-clouds.ts`): nearness does not
 *    know of place, size, order or direction of strokes, and forgives some leaning and stretching.
 * 2. The shape is right where the nearest template is the one that is asked for, and near enough. One of which named parts are missing is compared
 *    without them as well, and without strokes that belong to nothing, and must then be much nearer than all others.
 * 3. Of a right shape each named part is looked for (see `find-parts.ts`); strokes that belong to nothing are extras, which cost nothing.
 *
 * What is near no template is `off-topic`, and goes to a teacher.
 */
export function gradeSketch(sketch: Sketch, marks: Marks): GradingResult {
  const strokes = marks
    .map(({ id, shape }) => ({ id, points: cornersOf(shape) }))
    .sort((a, b) => compare(JSON.stringify(a.points), JSON.stringify(b.points)) || compare(a.id, b.id));
  const drawing = strokes.map(({ points }) => points);
  const isOnePlace = new Set(drawing.flat().map(([x, y]) => `${x} ${y}`)).size < 2;
  const outline = isOnePlace ? [] : [outlineOf(drawing.flat())];
  const view = isOnePlace ? null : looksAt(sketch, drawing);
  const idsOf = (numbers: readonly number[]): string[] => numbers.map((number) => strokes[number]!.id);
  const criteria = criteriaOf(sketch, view, outline, idsOf);
  const flags = view === null ? (['blank'] as const) : view.verdict === 'like-nothing' ? (['off-topic'] as const) : [];
  const extras = view?.verdict === 'right' ? extrasOf(view.parts, strokes) : [];
  return gradedByRules('sketch', criteria, { extras, flags });
}

/** What a drawing looks like. */
type View =
  | { readonly verdict: 'right'; readonly sureness: number; readonly parts: PartsFound }
  | { readonly verdict: 'another'; readonly sureness: number; readonly label: string }
  | { readonly verdict: 'like-nothing' };

/** How much nearer than all others a template must be that was compared without its missing parts: leaving out always helps. */
const muchNearer = 0.7;

function looksAt({ expected, templates, parts }: Sketch, drawing: Drawing): View {
  const known = templates.flatMap(({ label, drawings }) =>
    drawings.flatMap((each) => (isAlikeInInk(drawing, each) ? [{ label, cloud: cloudOf(each) }] : [])),
  );
  const ranked = rankByInk(cloudOf(drawing), known);
  const nearestOf = (isMeant: (label: string) => boolean): number =>
    ranked.find(({ known: { label } }) => isMeant(label))?.distance ?? Infinity;
  const asked = nearestOf((label) => label === expected);
  const others = nearestOf((label) => label !== expected);
  const template = templates.find(({ label }) => label === expected)!.drawings[0]!;
  const found = findParts(
    drawing,
    template,
    parts.map(({ strokes }) => strokes),
  );
  if (asked <= likeness && asked <= others) {
    return { verdict: 'right', sureness: surenessOf(asked, Math.min(others, 2 * likeness - asked)), parts: found };
  }
  const core = coreOf(drawing, template, parts, found);
  if (core !== null && core <= likeness && core <= muchNearer * others) {
    return { verdict: 'right', sureness: surenessOf(core, muchNearer * others), parts: found };
  }
  const nearest = ranked.find(({ known: { label } }) => label !== expected);
  if (nearest === undefined || nearest.distance > likeness) return { verdict: 'like-nothing' };
  const next = Math.min(asked, 2 * likeness - nearest.distance);
  return { verdict: 'another', sureness: surenessOf(nearest.distance, next), label: nearest.known.label };
}

/** More or less ink than this, for its size, and it is not the same thing: a scribble has points everywhere, near those of any template. */
const inkFactor = 2.5;

function isAlikeInInk(one: Drawing, other: Drawing): boolean {
  const inkFor = (drawing: Drawing): number =>
    drawing.reduce((sum, stroke) => sum + lengthOf(stroke), 0) / cloudOf(drawing).scale;
  const [a, b] = [inkFor(one), inkFor(other)];
  return a <= inkFactor * b && b <= inkFactor * a;
}

/** Of a drawing, strokes that belong to nothing may have so much of its ink. */
const strayShare = 0.25;

/** How near a drawing without its stray strokes is to the template without what is missing; null where all of both belongs together. */
function coreOf(drawing: Drawing, template: Drawing, parts: readonly Part[], found: PartsFound): number | null {
  const missing = new Set(parts.filter((part) => !isDrawn(part, found, template)).flatMap(({ strokes }) => strokes));
  const asked = template.filter((_, stroke) => !missing.has(stroke));
  const own = drawing.filter((_, stroke) => found.belongs[stroke]! >= belongsFrom);
  const ink = (strokes: Drawing): number => strokes.reduce((sum, stroke) => sum + lengthOf(stroke), 0);
  const isStray = own.length < drawing.length && ink(own) >= (1 - strayShare) * ink(drawing);
  const given = isStray ? own : drawing;
  if ((missing.size === 0 && !isStray) || ink(asked) === 0 || !isAlikeInInk(given, asked)) return null;
  return rankByInk(cloudOf(given), [{ cloud: cloudOf(asked) }])[0]!.distance;
}

type Part = Sketch['parts'][number];

function shareDrawn({ strokes }: Part, { drawn }: PartsFound, template: Drawing): number {
  const weights = strokes.map((stroke) => Math.max(1, template[stroke]!.length));
  const sum = weights.reduce((total, each) => total + each, 0);
  return strokes.reduce((total, stroke, index) => total + drawn[stroke]! * weights[index]!, 0) / sum;
}

function isDrawn(part: Part, found: PartsFound, template: Drawing): boolean {
  return shareDrawn(part, found, template) >= drawnFrom;
}

function criteriaOf(
  sketch: Sketch,
  view: View | null,
  outline: readonly Polygon[],
  idsOf: (strokes: readonly number[]) => string[],
): CriterionScore[] {
  const { expected, templates, points, skill, parts } = sketch;
  const template = templates.find(({ label }) => label === expected)!.drawings[0]!;
  const isRight = view?.verdict === 'right';
  const sureness = view === null || view.verdict === 'like-nothing' ? blankOrOffTopic : view.sureness;
  const shape: CriterionScore = {
    criterionId: shapeId,
    label: expected,
    points,
    awarded: isRight ? points : 0,
    confidence: sureness,
    error: isRight ? null : view === null ? 'missing' : 'wrong-class',
    evidence: { markIds: [], regions: isRight ? [] : outline },
    hint: isRight ? null : hintOf(sketch, view),
    skill,
  };
  const scores = parts.map((part): CriterionScore => {
    const { id, label, points: worth } = part;
    const base = { criterionId: id, label, points: worth, skill: part.skill };
    if (view?.verdict !== 'right') {
      const hint = { key: 'missing-stroke' as const, parameters: { label } };
      const evidence = { markIds: [], regions: outline };
      return { ...base, awarded: 0, confidence: sureness, error: 'missing-stroke', evidence, hint };
    }
    const share = shareDrawn(part, view.parts, template);
    const confidence = Math.min(sureness, 0.5 + Math.abs(share - drawnFrom) * 0.98);
    const markIds = idsOf(
      [...new Set(part.strokes.flatMap((stroke) => view.parts.foundIn[stroke]!))].sort((a, b) => a - b),
    );
    if (share >= drawnFrom) {
      return { ...base, awarded: worth, confidence, error: null, evidence: { markIds, regions: [] }, hint: null };
    }
    const regions = part.strokes.map((stroke) => outlineOf(template[stroke]!.map(view.parts.toDrawing)));
    const hint = { key: 'missing-stroke' as const, parameters: { label } };
    return { ...base, awarded: 0, confidence, error: 'missing-stroke', evidence: { markIds, regions }, hint };
  });
  return [shape, ...scores];
}

function hintOf({ expected, others }: Sketch, view: View | null): CriterionScore['hint'] {
  if (view?.verdict !== 'another') return { key: 'orient', parameters: { label: expected } };
  const message = others.find(({ label }) => label === view.label)?.message;
  return { key: 'wrong-class', parameters: { seen: view.label, ...(message !== undefined && { message }) } };
}

function extrasOf(
  { belongs }: PartsFound,
  strokes: readonly { readonly id: string; readonly points: [number, number][] }[],
): ExtraMark[] {
  return strokes.flatMap(({ id, points }, index) =>
    belongs[index]! < belongsFrom ? [{ markId: id, label: '', region: outlineOf(points) }] : [],
  );
}

/** An upright rectangle around ink, four pixels wide at least. */
function outlineOf(points: Polygon): Polygon {
  const { left, top, right, bottom } = boundsOf(points);
  const [x, y] = [Math.max(0, 2 - (right - left) / 2), Math.max(0, 2 - (bottom - top) / 2)];
  const corners = [
    [left - x, top - y],
    [right + x, top - y],
    [right + x, bottom + y],
    [left - x, bottom + y],
  ] as const;
  return corners.map(([cx, cy]) => [Math.round(cx * 10) / 10, Math.round(cy * 10) / 10] as const);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
