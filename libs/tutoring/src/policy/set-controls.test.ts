import { describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { noControls, parseCourseControls, type CourseControls } from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from '../model/course-catalogue.js';
import { restoreControls, type SetControls } from '../model/course-controls.js';
import { checkSetControls } from './check-set-controls.js';
import { fromControls, toControls } from './speak-of-controls.js';
import { warnOfControls } from './warn-of-controls.js';

const now = Date.parse('2026-03-02T09:00:00Z');
const nothing: SetControls = { pins: [], bannedActivityIds: [], skillOrder: [], dueDates: [] };
const ids = new Map([
  ['ada', 'pseudonym-of-ada'],
  ['bob', 'pseudonym-of-bob'],
]);
const pseudonyms = new Map([...ids].map(([id, pseudonym]) => [pseudonym, id]));

function anActivity(id: string, more: Partial<CatalogueActivity> = {}): [string, CatalogueActivity] {
  const content = { title: id.toUpperCase() } as CatalogueActivity['content'];
  return [id, { id, kind: 'exercise', skillIds: ['first'], archived: false, content, ...more } as CatalogueActivity];
}

const catalogue: Pick<CourseCatalogue, 'activities' | 'skills' | 'skillNames'> = {
  activities: new Map([
    anActivity('one'),
    anActivity('old', { archived: true }),
    anActivity('drawing', { kind: 'visual-assignment' }),
    anActivity('idle', { skillIds: [] }),
  ]),
  skills: [
    { id: 'first', number: 1, name: 'First', prerequisiteIds: [] },
    { id: 'second', number: 2, name: 'Second', prerequisiteIds: ['first'] },
  ],
  skillNames: new Map([
    ['first', 'First'],
    ['second', 'Second'],
  ]),
};

const all: SetControls = {
  pins: [
    { activityId: 'one', learnerId: 'ada', until: new Date('2026-04-01T08:30:00Z') },
    { activityId: 'one', learnerId: null, until: null },
  ],
  bannedActivityIds: ['old'],
  skillOrder: ['second', 'first'],
  dueDates: [
    { activityId: 'one', skillId: null, on: '2026-03-29' },
    { activityId: null, skillId: 'second', on: '2026-12-24' },
  ],
};

describe('what teachers set', () => {
  it('is stored by pseudonym and moment, and read as it was set, in every zone', () => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/St_Johns', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
      const controls = toControls(all, zone, ids);
      expect(parseCourseControls(JSON.parse(JSON.stringify(controls)))).toEqual(controls);
      expect(JSON.stringify(controls)).not.toMatch(/"(ada|bob)"/);
      expect(fromControls(controls, zone, pseudonyms)).toEqual(all);
    }
  });

  it('comes due when its day ends where the institution is, the day of 23 hours too', () => {
    const { due } = toControls(all, 'Europe/Berlin', ids);
    expect(due.map(({ at }) => new Date(at).toISOString())).toEqual([
      '2026-03-29T21:59:59.999Z',
      '2026-12-24T22:59:59.999Z',
    ]);
  });

  it('leaves out what was pinned for somebody who has been erased', () => {
    const controls = toControls(all, 'UTC', ids);
    expect(fromControls(controls, 'UTC', new Map()).pins).toEqual([all.pins[1]]);
  });

  it('is nothing where nothing is stored, and throws for what is none', () => {
    expect(restoreControls(null)).toEqual(noControls());
    expect(() => restoreControls({ version: 2 })).toThrow(TypeError);
  });
});

describe('checking it', () => {
  const pathsOf = (input: Partial<SetControls>, standing: SetControls = nothing): string[] => {
    const learnerIds = new Set(['ada']);
    const refusal = checkSetControls({ ...nothing, ...input }, { catalogue, learnerIds, standing });
    expect(refusal === null || isFailure(refusal)).toBe(true);
    return refusal?.issues!.map(({ path }) => path) ?? [];
  };

  it('passes what is of the course, put away or not', () => {
    expect(pathsOf(all)).toEqual([]);
    expect(pathsOf(nothing)).toEqual([]);
  });

  it('refuses each id that is not, at its place', () => {
    expect(
      pathsOf({
        pins: [{ activityId: 'first', learnerId: 'bob', until: null }],
        bannedActivityIds: ['one', 'no'],
        skillOrder: ['one'],
        dueDates: [
          { activityId: 'first', skillId: null, on: '2026-03-29' },
          { activityId: null, skillId: 'one', on: '2026-03-29' },
        ],
      }),
    ).toEqual([
      'pins.0.activityId',
      'pins.0.learnerId',
      'bannedActivityIds.1',
      'skillOrder.0',
      'dueDates.0.activityId',
      'dueDates.1.skillId',
    ]);
  });

  it('refuses a pin that could never come', () => {
    const pins = ['drawing', 'idle'].map((activityId) => ({ activityId, learnerId: null, until: null }));
    expect(pathsOf({ pins })).toEqual(['pins.0.activityId', 'pins.1.activityId']);
  });

  it('lets stay what stands, though it has gone since', () => {
    const gone = { ...nothing, pins: [{ activityId: 'gone', learnerId: 'bob', until: null }], skillOrder: ['left'] };
    expect(pathsOf({ ...gone, bannedActivityIds: ['one'] }, gone)).toEqual([]);
    expect(pathsOf(gone)).toEqual(['pins.0.activityId', 'pins.0.learnerId', 'skillOrder.0']);
  });
});

describe('warning of it', () => {
  const warnings = (controls: Partial<CourseControls>, learning: readonly string[] = []) =>
    warnOfControls({ ...noControls(), ...controls }, catalogue, new Set(learning), now);

  it('says in a sentence what does nothing, contradicts itself or is over', () => {
    expect(warnings(noControls())).toEqual([]);
    expect(
      warnings({
        pinned: [{ activityId: 'one', until: now }],
        banned: ['one', 'old'],
        order: ['second', 'first', 'second', 'gone'],
        due: [{ activityId: 'one', at: now }],
      }).map(({ code, message, ids: about }) => [code, message, about]),
    ).toEqual([
      ['pinned-and-banned', '“ONE” is pinned and banned: the ban counts.', ['one']],
      ['over', 'A pin or a date of “ONE” is over: it does nothing any more.', ['one']],
      ['unknown', '“OLD” is put away or no longer in the course: its ban does nothing.', ['old']],
      [
        'ordered-before-prerequisite',
        '“Second” stands in the order before “First”, on which it builds: it is passed over until that is mastered.',
        ['second', 'first'],
      ],
      ['ordered-twice', '“Second” stands in the order twice: the first place counts.', ['second']],
      ['unknown', 'gone is put away or no longer in the course: its place in the order does nothing.', ['gone']],
      ['due-and-banned', '“ONE” has a date and is banned: nobody can do it by then.', ['one']],
    ]);
  });

  it('tells who has left without saying who', () => {
    const pinned = [{ activityId: 'one', forLearner: 'pseudonym-of-ada' }];
    expect(warnings({ pinned }, ['pseudonym-of-ada'])).toEqual([]);
    const [left] = warnings({ pinned });
    expect(left).toMatchObject({ code: 'learner-left', ids: ['one'] });
    expect(left!.message).not.toContain('ada');
  });
});
