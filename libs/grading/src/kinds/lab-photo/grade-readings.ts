import type { FailureIssue } from '#libs/kernel';
import type { AnswerForm } from '#libs/learning';
import type { CriterionHint, CriterionScore, ErrorCode } from '../../model/grading-result.js';
import type { Marks } from '../../model/marks.js';
import { writtenOf, type WrittenFault } from '../../model/written-marks.js';
import { awardedFor, isIn, scored, scoreNothing, type Range } from './grade-photo.js';
import type { LabPhoto, PhotoCriterion } from './lab-photo.js';

/** A number that was told is what it is. */
const confidence = 0.97;

/** What is wrong with readings that are told in place of a photo. */
export function* faultsOfReadings({ criteria }: LabPhoto, marks: Marks): Generator<WrittenFault> {
  const seen = new Set<string>();
  for (const [at, { shape }] of marks.entries()) {
    if (shape.kind !== 'reading') continue;
    const criterion = criteria.find(({ id }) => id === shape.of);
    if (criterion === undefined)
      yield { at, member: 'of', message: `nothing is measured that is called "${shape.of}"` };
    else if (criterion.measure === 'colour') {
      yield { at, member: 'of', message: 'a colour is no number: tell it as a text' };
    }
    if (seen.has(shape.of)) yield { at, member: 'of', message: `is told twice` };
    seen.add(shape.of);
  }
}

/** Readings that a form asks for are of its criteria. */
export function faultsOfReadingForm({ criteria }: LabPhoto, form: AnswerForm): readonly FailureIssue[] {
  const readings = form.kind === 'picture' ? (form.readings ?? []) : [];
  return readings.flatMap(({ id }): FailureIssue[] => {
    const criterion = criteria.find((each) => each.id === id);
    if (criterion !== undefined && criterion.measure !== 'colour') return [];
    return [{ path: 'criteria', message: `The form asks for the reading "${id}", which is no number of these.` }];
  });
}

/** Scores what was counted and read by the learner herself, by the criteria that a photo is scored by. */
export function gradeReadings(specification: LabPhoto, marks: Marks): readonly CriterionScore[] {
  const readings = new Map(writtenOf(marks, 'reading').map(({ id, shape }) => [shape.of, { id, value: shape.value }]));
  return specification.criteria.map((criterion) => {
    const reading = readings.get(criterion.id);
    const asked = reading && askedFor(criterion, reading.value, specification);
    if (reading === undefined || asked === undefined) return scoreNothing(criterion);
    const { range, error, hint } = asked;
    const score = scored(criterion, {
      awarded: awardedFor(criterion, reading.value, range),
      confidence,
      error,
      regions: [],
      hint,
      isRight: isIn(reading.value, range),
    });
    return { ...score, evidence: { markIds: [reading.id], regions: [] } };
  });
}

interface Asked {
  readonly range: Range;
  readonly error: ErrorCode;
  readonly hint: CriterionHint;
}

function askedFor(criterion: PhotoCriterion, value: number, { scale }: LabPhoto): Asked | undefined {
  switch (criterion.measure) {
    case 'count': {
      const { of, low, high } = criterion;
      const hint = { key: 'miscounted', parameters: { of, counted: value, low, high } } as const;
      return { range: { low, high }, error: 'miscounted', hint };
    }
    case 'gauge':
    case 'length': {
      const { expected, tolerance } = criterion;
      const range = { low: expected - tolerance, high: expected + tolerance };
      const side = value < expected ? 'below' : 'above';
      if (criterion.measure === 'gauge') {
        const parameters = { read: value, unit: criterion.unit, side };
        return { range, error: 'wrong-reading', hint: { key: 'wrong-reading', parameters } };
      }
      const parameters = { measured: value, unit: scale!.unit, side };
      return { range, error: 'wrong-length', hint: { key: 'wrong-length', parameters } };
    }
    case 'colour':
      return undefined;
  }
}
