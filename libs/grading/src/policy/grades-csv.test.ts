import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Score, Submission } from '../ports.js';
import { byteOrderMark, gradeColumns, gradeLines, toCsvLine, type Cell } from './grades-csv.js';

const read = (text: string): string[][] => parse(text, { bom: true, relax_column_count: true });

/** Texts with whatever spreadsheets and CSV are sensitive to. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('=', '+', '-', '@', '＝', '\t', '\r', '\n', '"', ',', ';', "'", ' ', 'a', 'ß', '细', '1'), {
      maxLength: 12,
    })
    .map((each) => each.join('')),
);

describe('a line of CSV', () => {
  it.each([
    ['=1+1', "'=1+1"],
    ['+31 6', "'+31 6"],
    ['-2', "'-2"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['＝1', "'＝1"],
    ['  =1', "'  =1"],
    ['\t=1', "'\t=1"],
    ['\rx', "'\rx"],
    ["it's = fine", "it's = fine"],
    ['', ''],
  ])('makes of the text %j the cell %j', (given, cell) => {
    expect(read(toCsvLine([given, 'x']))[0]![0]).toBe(cell);
  });

  it('writes numbers, truth and times as what they are, and nothing for null', () => {
    const cells = [-1.5, 0, true, new Date('2026-05-01T12:00:00Z'), null, 'x'];
    expect(toCsvLine(cells)).toBe('-1.5,0,true,2026-05-01T12:00:00.000Z,,x\r\n');
  });

  it('is read again as it was, but for the apostrophe before what would be a formula', () => {
    fc.assert(
      fc.property(fc.array(fc.array(text, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 5 }), (lines) => {
        const csv = byteOrderMark + lines.map((line) => toCsvLine(line)).join('');
        const cells = read(csv);
        expect(cells).toHaveLength(lines.length);
        for (const [row, line] of lines.entries()) {
          for (const [column, given] of line.entries()) {
            const cell = cells[row]![column]!;
            expect([given, `'${given}`]).toContain(cell);
            expect(cell).not.toMatch(/^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u);
          }
        }
      }),
    );
  });
});

const aSubmission: Submission = {
  id: 'work',
  assignmentId: 'drawing',
  courseId: 'course',
  learnerId: 'learner',
  alias: null,
  marks: [],
  fileId: null,
  state: 'reviewed',
  failure: null,
  failureDetail: null,
  scannedBy: null,
  deviceAt: new Date(0),
  receivedAt: new Date(0),
};
const aScore: Score = {
  id: 'score',
  submissionId: 'work',
  sequence: 2,
  source: 'review',
  activityId: 'activity',
  activityVersion: 3,
  grader: { name: 'labelled-parts', version: 1, modelId: null },
  total: 1.5,
  maximum: 2,
  confidence: 1,
  criteria: ['left', 'right'].map((criterionId) => ({
    criterionId,
    label: `=${criterionId}`,
    points: 1,
    awarded: criterionId === 'left' ? 1 : 0.5,
    confidence: 1,
    error: criterionId === 'left' ? null : 'swapped',
    evidence: { markIds: ['m1', 'm2'], regions: [[[1, 2]]] },
    hint: null,
    skill: 'shapes',
    overridden: true,
  })),
  extras: [],
  flags: ['blank'],
  report: null,
  reviewerPseudonym: 'teacher',
  reason: '-1 for the arrow, "left"\nand right',
  comments: [
    { criterionId: null, text: 'Fine.', shape: null },
    { criterionId: 'right', text: '@home', shape: null },
  ],
  withdrawsId: null,
  scoredAt: new Date(0),
};

describe('the lines of a work', () => {
  const lines = (score: Score | null): Record<string, string>[] => {
    const head = toCsvLine(gradeColumns as unknown as Cell[]);
    const learner = { id: 'learner', name: '=cmd' };
    const csv = byteOrderMark + head + gradeLines({ submission: aSubmission, learner, score });
    return parse(csv, { bom: true, columns: true });
  };

  it('are one for each criterion, with its evidence', () => {
    expect(lines(aScore)).toMatchObject([
      {
        learner: "'=cmd",
        criterion: "'=left",
        awarded: '1',
        error: '',
        comments: 'Fine.',
        total: '1.5',
        flags: 'blank',
      },
      {
        submission_id: 'work',
        criterion_id: 'right',
        awarded: '0.5',
        error: 'swapped',
        overridden: 'true',
        marks: 'm1 m2',
        regions: '[[[1,2]]]',
        comments: 'Fine.\n@home',
        reason: `'-1 for the arrow, "left"\nand right`,
      },
    ]);
  });

  it('are one without a score, where there is none', () => {
    expect(lines(null)).toMatchObject([{ submission_id: 'work', state: 'reviewed', total: '', comments: '' }]);
  });
});
