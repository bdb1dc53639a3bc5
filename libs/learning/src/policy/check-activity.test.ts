import { describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { MarksSpecification, type Skill } from '../ports.js';
import { checkActivity, type ActivityDraftInput } from './check-activity.js';

const skills: Skill[] = ['one', 'two'].map((id, position) => ({
  id,
  courseId: 'course',
  name: id,
  description: id,
  position,
  prerequisiteIds: [],
  source: null,
  externalId: null,
}));

/** Knows one right specification. */
class OneSpecification extends MarksSpecification {
  override issuesOf(specification: unknown): { path: string; message: string }[] {
    return (specification as { right?: boolean }).right ? [] : [{ path: 'parts.0', message: 'is missing' }];
  }
}

const aDraft = (more: Partial<ActivityDraftInput> = {}): ActivityDraftInput => ({
  kind: 'exercise',
  modality: 'text',
  language: 'en',
  difficulty: 0,
  minutes: 1,
  skillIds: ['one'],
  content: { title: 'T', body: 'B', form: { kind: 'number' }, key: { kind: 'number', value: 1 } },
  ...more,
});
const aDrawing = (specification: object) =>
  aDraft({
    kind: 'visual-assignment',
    modality: 'drawing',
    content: {
      title: 'T',
      body: 'B',
      form: { kind: 'marks', image: 'media/a.png' },
      key: { kind: 'marks', specification },
    },
  });
const check = (draft: ActivityDraftInput) => checkActivity(draft, skills, new OneSpecification());
const pathsOf = (draft: ActivityDraftInput): string[] | undefined => {
  const outcome = check(draft);
  return isFailure(outcome) ? outcome.issues?.map(({ path }) => path) : [];
};

describe('the check of an activity', () => {
  it('gives what was left out its default, and names each skill once', () => {
    expect(check(aDraft({ skillIds: ['one', 'two', 'one'] }))).toMatchObject({
      skillIds: ['one', 'two'],
      content: { hints: [], key: { tolerance: 0 }, gradedBy: 'attune' },
    });
  });

  it.each<[string[], Partial<ActivityDraftInput>]>([
    [['kind'], { kind: 'quiz' }],
    [['language'], { language: 'English' }],
    [['difficulty', 'minutes'], { difficulty: Number.NaN, minutes: 0 }],
    [['skillIds'], { skillIds: [] }],
    [['skillIds.1'], { skillIds: ['one', 'three'] }],
    [['content'], { content: null }],
    [['content.form.kind'], { kind: 'visual-assignment' }],
  ])('names the place: %j', (paths, wrong) => {
    expect(pathsOf(aDraft(wrong))).toEqual(paths);
  });

  it('leaves the specification of a drawing to those who mark it', () => {
    expect(pathsOf(aDrawing({ right: true }))).toEqual([]);
    expect(pathsOf(aDrawing({}))).toEqual(['content.key.specification.parts.0']);
    expect(pathsOf({ ...aDrawing({ right: true }), kind: 'exercise' })).toEqual(['content.form.kind']);
  });
});
