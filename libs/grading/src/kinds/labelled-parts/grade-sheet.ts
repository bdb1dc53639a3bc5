import { gradedByRules } from '../graded-by-rules.js';
import type { Polygon } from '../../model/geometry.js';
import type { CriterionScore, GradingResult } from '../../model/grading-result.js';
import type { Mark, MarkShape } from '../../model/marks.js';
import type { SeenLabel, SheetRead, SheetScript } from '../../sheet.ports.js';
import { gradeMarks, type Showing } from './grade-labelled-parts.js';
import { termsOf, type LabelledParts } from './labelled-parts.js';
import { markPlacer, type Placement } from './place-mark.js';
import { characterReader, type ReadWriting } from './read-characters.js';
import { labelReader } from './read-label.js';

/** From this confidence on a label counts as read. */
const readFrom = 0.8;

/** How sure a criterion is where something beside it could not be read. */
const besideUnread = 0.5;

/** A label on a sheet, with what it says and where it belongs. */
interface SheetLabel {
  /** One for each line that is drawn from it; one where it stands if there is none. */
  readonly marks: readonly Mark[];
  readonly outline: Polygon;
  readonly reading: ReadWriting;
  /** Whether it stands beside the picture, and no line leads from it into it. */
  readonly isLost: boolean;
}

/**
 * Grades the labels on a photographed sheet: what is surely read by the rules of {@link gradeMarks}, with outlines on the photo as
 * evidence. What is not surely read earns nothing and loses nothing: the parts that it may belong to are `unread`, and a teacher
 * decides them. Those are the parts where it stands or where its lines end; where that is nowhere, the part that it
 * names, and where it says nothing either, every part that nothing else has earned.
 */
export function gradeSheet(specification: LabelledParts, sheet: Pick<SheetRead, 'labels' | 'toPhoto'>): GradingResult {
  const read = characterReader(specification);
  const place = markPlacer(specification);
  const labels = sheet.labels.map((seen, index) => labelOf(seen, index, read, place));
  const sure = labels.filter(({ reading, isLost }) => reading.confidence >= readFrom && !isLost);
  const doubtful = labels.filter((label) => !sure.includes(label));
  const outlines = new Map(sure.flatMap(({ marks, outline }) => marks.map(({ id }) => [id, outline] as const)));
  const showing: Showing = {
    outlineOf: ({ id }) => outlines.get(id)!,
    regionOf: (region) => region.map((corner) => rounded(sheet.toPhoto(corner))),
    marksOfRight: true,
  };
  const { criteria, extras, flags } = gradeMarks(
    specification,
    sure.flatMap(({ marks }) => marks),
    showing,
  );
  const confidences = new Map(sure.flatMap(({ marks, reading }) => marks.map(({ id }) => [id, reading.confidence])));
  const graded = criteria.map((criterion) => ({
    ...criterion,
    confidence: Math.min(criterion.confidence, ...criterion.evidence.markIds.map((id) => confidences.get(id)!)),
  }));
  const decided = withoutUnread(specification, graded, doubtful, place);
  // Where nothing was surely read, there is no saying that it is about something else.
  return gradedByRules('labelled-sheet', decided, { extras, flags: doubtful.length > 0 ? [] : flags });
}

/** The script that most terms are in; a word of either script can be read in the other one's data as little as not at all. */
export function scriptOf({ parts, confusable }: LabelledParts): SheetScript {
  const terms = [...parts.flatMap(({ label, synonyms }) => [label, ...synonyms]), ...confusable.flatMap(termsOf)];
  return terms.filter((term) => /\p{Script=Han}/u.test(term)).length * 2 > terms.length ? 'han' : 'latin';
}

function labelOf(
  { box, ends, outline, characters }: SeenLabel,
  index: number,
  read: (seen: SeenLabel['characters']) => ReadWriting,
  place: (shape: MarkShape) => Placement,
): SheetLabel {
  const reading = read(characters);
  const shapes = ends.length > 0 ? ends : [box];
  const marks = shapes.map((shape, end) => ({
    id: `label-${index + 1}${end === 0 ? '' : `-${end + 1}`}`,
    label: reading.text,
    shape,
  }));
  const isLost = ends.length === 0 && place(box).at.every(({ place: where }) => where === 'outside');
  return { marks, outline, reading, isLost };
}

function withoutUnread(
  specification: LabelledParts,
  criteria: readonly CriterionScore[],
  doubtful: readonly SheetLabel[],
  place: (shape: MarkShape) => Placement,
): CriterionScore[] {
  const readText = labelReader(specification);
  const beside = criteria.map((): Polygon[] => []);
  for (const { marks, outline, reading } of doubtful) {
    const parts = new Set(marks.flatMap(({ shape }) => partsAt(place(shape))));
    const named = reading.confidence >= readFrom ? [...readText(reading.text).parts.keys()] : [];
    const open = criteria.flatMap(({ awarded }, part) => (awarded === 0 ? [part] : []));
    const concerned = parts.size > 0 ? [...parts] : named.length > 0 ? named : open;
    for (const part of concerned.length > 0 ? concerned : criteria.keys()) beside[part]!.push(outline);
  }
  return criteria.map((criterion, part) => {
    const outlines = beside[part]!;
    if (outlines.length === 0) return criterion;
    if (criterion.awarded > 0) return { ...criterion, confidence: Math.min(criterion.confidence, besideUnread) };
    const { label } = criterion;
    const evidence = { markIds: [], regions: outlines };
    return { ...criterion, confidence: 0, error: 'unread', evidence, hint: { key: 'unread', parameters: { label } } };
  });
}

function partsAt({ at }: Placement): number[] {
  return at.flatMap(({ place }, part) => (place === 'outside' ? [] : [part]));
}

function rounded([x, y]: readonly [number, number]): readonly [number, number] {
  return [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
}
