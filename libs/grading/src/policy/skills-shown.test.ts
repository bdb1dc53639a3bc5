import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { byTeacherAlone, skillFinder, skillsShown, tellsOfSkills } from './skills-shown.js';

const criterion = (criterionId: string, skill: string, awarded: number, points = 1) => ({
  criterionId,
  skill,
  points,
  awarded,
});
const named = (skill: string): readonly string[] => [skill];

describe('what work shows of skills', () => {
  it('is the share of the points of each skill, however many criteria it has', () => {
    const criteria = [
      criterion('nucleus', 'organelles', 1),
      criterion('wall', 'plant-cells', 0, 2),
      criterion('ribosome', 'organelles', 0.5, 3),
    ];
    expect(skillsShown(criteria, named)).toEqual([
      { skillIds: ['organelles'], share: 1.5 / 4, hintsUsed: 0 },
      { skillIds: ['plant-cells'], share: 0, hintsUsed: 0 },
    ]);
  });

  it('leaves out what names no skill, and what has no points', () => {
    const criteria = [criterion('a', 'unknown', 1), criterion('b', 'known', 0, 0)];
    expect(skillsShown(criteria, (skill) => (skill === 'known' ? ['k'] : []))).toEqual([]);
  });

  it('says how far hints on any criterion of the skill had gone', () => {
    const criteria = [criterion('a', 's', 1), criterion('b', 's', 1), criterion('c', 't', 1)];
    const told = new Map([
      ['a', 1],
      ['b', 3],
    ]);
    expect(skillsShown(criteria, named, told).map(({ hintsUsed }) => hintsUsed)).toEqual([3, 0]);
  });

  it('is a share, and does not depend on the order of criteria', () => {
    const anyCriterion = fc
      .record({
        criterionId: fc.uuid(),
        skill: fc.constantFrom('a', 'b', 'c'),
        points: fc.integer({ min: 1, max: 9 }),
        quarters: fc.integer({ min: 0, max: 4 }),
      })
      .map(({ quarters, ...each }) => ({ ...each, awarded: (each.points * quarters) / 4 }));
    const criteria = fc.array(anyCriterion, { maxLength: 12 });
    const shuffled = criteria.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    const bySkill = (shown: ReturnType<typeof skillsShown>) =>
      new Map(shown.map(({ skillIds, share }) => [skillIds.join(), share]));
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        const shown = skillsShown(all, named);
        for (const { share } of shown) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
        expect(bySkill(skillsShown(other, named))).toEqual(bySkill(shown));
      }),
    );
  });
});

describe('a score', () => {
  const rules = { name: 'labelled-parts', version: 1, modelId: null };
  const found = (overridden: boolean) => [
    {
      ...criterion('a', 's', 0),
      label: 'A',
      confidence: 1,
      error: null,
      evidence: { markIds: [], regions: [] },
      hint: null,
      overridden,
    },
  ];

  it.each([
    ['of work that was graded tells', { flags: [], grader: rules, criteria: found(false) }, true],
    ['of blank work tells nothing', { flags: ['blank'], grader: rules, criteria: found(false) }, false],
    ['of work off the topic tells nothing', { flags: ['off-topic'], grader: rules, criteria: found(false) }, false],
    [
      'of flagged work tells where a teacher scored it herself',
      { flags: ['blank'], grader: rules, criteria: found(true) },
      true,
    ],
    [
      'that was only nodded through, without a program’s, tells nothing',
      { flags: [], grader: byTeacherAlone, criteria: found(false) },
      false,
    ],
    [
      'that a teacher gave where no program could tells',
      { flags: [], grader: byTeacherAlone, criteria: found(true) },
      true,
    ],
  ])('%s', (_, score, tells) => {
    expect(tellsOfSkills(score)).toBe(tells);
  });
});

describe('the skill of a criterion', () => {
  const skills = [
    { id: '1', name: 'Cells', externalId: 'cells' },
    { id: '2', name: 'Organelles', externalId: 'twice' },
    { id: '3', name: 'cells', externalId: 'twice' },
    { id: '4', name: 'Twins', externalId: null },
    { id: '5', name: 'Twins', externalId: null },
  ];
  const find = skillFinder(skills, ['4', 'gone', '1']);

  it.each([
    ['an id', '2', ['2']],
    ['an external id, before a name', 'cells', ['1']],
    ['a name', 'Organelles', ['2']],
    ['an external id of two skills', 'twice', ['4', '1']],
    ['a name of two skills', 'Twins', ['4', '1']],
    ['nothing of the course', 'graphs', ['4', '1']],
  ])('by %s', (_, word, found) => {
    expect(find(word)).toEqual(found);
  });
});
