import { describe, expect, it } from 'vitest';
import { markLimits } from '#libs/kernel';
import { submitWorkSchema } from '#libs/contracts';
import { labelsSchemaFor, strokesSchemaFor, writtenMarksSchema } from '#libs/grading';
import { newId } from '../support/api.js';

const side = markLimits.imageSide;
const edge = markLimits.coordinate;

/** What the wire takes and what grading takes. */
const takenBy = (shape: { kind: string; [member: string]: unknown }) => {
  const marks = [{ id: 'm', label: 'nucleus', shape }];
  const schemaFor = shape.kind === 'stroke' ? strokesSchemaFor : labelsSchemaFor;
  const wire = { id: newId(), assignmentId: newId(), marks, at: Date.now() };
  return {
    wire: submitWorkSchema.safeParse(wire).success,
    grading: schemaFor({ width: side, height: side }).safeParse(marks).success,
  };
};
const both = { wire: true, grading: true };
const neither = { wire: false, grading: false };

describe('the limits of marks', () => {
  it('let every point of the largest picture be marked, and a little beyond', () => {
    for (const [x, y] of [
      [0, 0],
      [side, side],
      [edge, edge],
      [side - edge, side - edge],
    ])
      expect(takenBy({ kind: 'point', x, y }), `${x}, ${y}`).toEqual(both);
    expect(takenBy({ kind: 'box', x: 0, y: 0, width: side, height: side })).toEqual(both);
    const outline = {
      kind: 'polygon',
      points: [
        [0, 0],
        [side, 0],
        [side, side],
      ],
    };
    expect(takenBy(outline)).toEqual(both);
  });

  it('are the same on the wire and where work is graded', () => {
    expect(takenBy({ kind: 'point', x: edge + 1, y: 0 })).toEqual(neither);
    expect(takenBy({ kind: 'box', x: 0, y: 0, width: 0, height: 1 })).toEqual(neither);
    const corners = (count: number) => Array.from({ length: count }, (_, index) => [index, index % 2]);
    expect(takenBy({ kind: 'polygon', points: corners(markLimits.corners) })).toEqual(both);
    expect(takenBy({ kind: 'polygon', points: corners(markLimits.corners + 1) })).toEqual(neither);
  });

  it('of what is told in words too', () => {
    const taken = (shape: { kind: string; [member: string]: unknown }) => {
      const marks = [{ id: 'm', label: 'nucleus', shape }];
      const wire = { id: newId(), assignmentId: newId(), marks, at: Date.now() };
      const kinds = ['place', 'figure', 'arrow', 'value', 'reading'] as const;
      return {
        wire: submitWorkSchema.safeParse(wire).success,
        grading: writtenMarksSchema(kinds).safeParse(marks).success,
      };
    };
    const long = (length: number) => 'x'.repeat(length);
    for (const name of [long(1), long(markLimits.id)]) {
      expect(taken({ kind: 'place', place: name })).toEqual(both);
      expect(taken({ kind: 'figure', type: name })).toEqual(both);
      expect(taken({ kind: 'arrow', from: name, to: name })).toEqual(both);
      expect(taken({ kind: 'reading', of: name, value: -1e9 })).toEqual(both);
    }
    for (const name of ['', long(markLimits.id + 1)]) {
      expect(taken({ kind: 'place', place: name })).toEqual(neither);
      expect(taken({ kind: 'figure', type: name })).toEqual(neither);
      expect(taken({ kind: 'arrow', from: 'a', to: name })).toEqual(neither);
      expect(taken({ kind: 'reading', of: name, value: 1 })).toEqual(neither);
    }
    expect(taken({ kind: 'value', x: 0, y: 1e9 })).toEqual(both);
    expect(taken({ kind: 'value', x: 0, y: 1.1e9 })).toEqual(neither);
    expect(taken({ kind: 'text', text: long(markLimits.text) })).toEqual(both);
    expect(taken({ kind: 'text', text: long(markLimits.text + 1) })).toEqual(neither);
  });

  it('of strokes too', () => {
    const stroke = (length: number, at: unknown[] = [1, 1]) => ({ kind: 'stroke', points: Array(length).fill(at) });
    expect(takenBy(stroke(markLimits.strokePoints))).toEqual(both);
    expect(takenBy(stroke(markLimits.strokePoints + 1))).toEqual(neither);
    expect(takenBy(stroke(1, [edge, side - edge, 12.5]))).toEqual(both);
    expect(takenBy(stroke(1, [edge + 1, 0]))).toEqual(neither);
    expect(takenBy(stroke(1, [1, 1, -1]))).toEqual(neither);
    expect(takenBy(stroke(0))).toEqual(neither);
  });
});
