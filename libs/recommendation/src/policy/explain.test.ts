import { describe, expect, it } from 'vitest';
import type { Reason } from '../model/choice.js';
import type { InterventionReason, InterventionTrigger } from '../model/intervention.js';
import { explain, explanationLanguage } from './explain.js';

const words: Record<string, string> = { s1: 'Mitosis', s2: 'The nucleus', s3: 'The cell cycle' };
const names = { skillName: (id: string): string => words[id]! };

const reason = (code: Reason['code']): Reason => ({
  code,
  skillId: 's1',
  expectedSuccess: 0.754,
  masteryBefore: 0.62,
  masteryThreshold: 0.85,
  prerequisiteIds: ['s2', 's3'],
  opensSkills: 1,
  responsesSinceSeen: 31,
});
const help = (code: InterventionReason['code'], trigger: InterventionTrigger): InterventionReason => ({
  code,
  trigger,
  skillId: code === 'explain-skill' ? 's1' : 's2',
  forSkillId: 's1',
  masteryBefore: 0.4,
  otherModality: true,
});

describe('reasons in words', () => {
  it('tells a learner what she can do, and a teacher what decided', () => {
    expect(explain(reason('on-the-fringe'), names, 'en', 'learner')).toBe(
      'You are ready for “Mitosis”: you have mastered “The nucleus” and “The cell cycle”, which it builds on.',
    );
    expect(explain(reason('practise-weakest'), names, 'en', 'teacher')).toBe(
      '“Mitosis” is begun but not mastered (62% of 85%); expected success on this exercise 75%.',
    );
    expect(explain({ ...reason('review-mastered'), responsesSinceSeen: 1 }, names, 'en', 'learner')).toBe(
      'You have mastered “Mitosis”. After 1 other answer, recalling it keeps it fresh.',
    );
    expect(explain(reason('on-the-fringe'), names, 'zh-CN', 'learner')).toBe(
      '你已掌握“The nucleus”、“The cell cycle”，可以开始学习“Mitosis”了。',
    );
    expect(explain(help('explain-prerequisite', 'confused'), names, 'en', 'learner')).toBe(
      'This seems to be hard going. “Mitosis” builds on “The nucleus”, so a look at “The nucleus” may help.',
    );
    expect(explain(help('explain-skill', 'guessing'), names, 'zh-CN', 'learner')).toBe(
      '不用着急，慢慢来。这里换一种方式讲解“Mitosis”。',
    );
  });

  it('never claims to be sure', () => {
    const sure = { ...reason('practise-weakest'), masteryBefore: 0.001, expectedSuccess: 0.999 };
    expect(explain(sure, names, 'en', 'teacher')).toContain('1% of 85%');
    expect(explain(sure, names, 'en', 'teacher')).toContain('99%');
  });

  const reasons = [
    ...(['introduce-skill', 'on-the-fringe', 'practise-weakest', 'review-mastered'] as const).map(reason),
    { ...reason('on-the-fringe'), prerequisiteIds: [] },
    { ...reason('review-mastered'), responsesSinceSeen: null },
    ...(['confused', 'guessing', 'struggling', 'asked-for-help'] as const).flatMap((trigger) => [
      help('explain-skill', trigger),
      help('explain-prerequisite', trigger),
    ]),
  ];
  it.each(['en', 'zh-CN'] as const)('has a sentence of its own for every reason and audience in %s', (language) => {
    const sentences = reasons.flatMap((each) =>
      (['learner', 'teacher'] as const).map((audience) => explain(each, names, language, audience)),
    );
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) {
      expect(sentence).toMatch(/[.。]$/);
      expect(sentence).not.toMatch(/undefined|null|NaN|“”/);
      expect(/\p{Script=Han}/u.test(sentence)).toBe(language === 'zh-CN');
    }
  });
});

it('speaks the first language that it has words in', () => {
  expect(explanationLanguage(['de', 'zh-Hans', 'en'])).toBe('zh-CN');
  expect(explanationLanguage(['en-GB', 'zh-CN'])).toBe('en');
  expect(explanationLanguage(['de'])).toBe('en');
});
