import { describe, expect, it } from 'vitest';
import { markLimits } from '#libs/kernel';
import { submitWorkSchema } from '#libs/contracts';
import { marksSchemaFor } from '#libs/grading';
import { newId } from '../support/api.js';

const side = markLimits.imageSide;
const edge = markLimits.coordinate;

/** What the wire takes and what grading takes. */
const takenBy = (shape: object) => {
  const marks = [{ id: 'm', label: 'nucleus', shape }];
  const wire = { id: newId(), assignmentId: newId(), marks, at: Date.now() };
  return {
    wire: submitWorkSchema.safeParse(wire).success,
    grading: marksSchemaFor({ width: side, height: side }).safeParse(marks).success,
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
});
