import { describe, expect, it } from 'vitest';
import type { Reason } from '../model/choice.js';
import { interventionTriggers, type InterventionReason, type InterventionTrigger } from '../model/intervention.js';
import { explanationLanguage } from '../words/catalogue.js';
import { explain } from './explain.js';

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
    expect(explain({ ...reason('review-due'), retrievability: 0.7 }, names, 'en', 'teacher')).toBe(
      'A review of “Mitosis” (mastery 62%) is due: it is remembered with a chance of 70%.',
    );
    expect(explain({ ...reason('due-soon'), daysLeft: 2.4 }, names, 'de', 'learner')).toBe(
      'Das bereitet auf etwas vor, das in 2 Tagen fällig ist; es geht um „Mitosis“.',
    );
    expect(explain(reason('pinned-by-teacher'), names, 'de', 'teacher')).toBe(
      'Eine Lehrkraft hat diese Aktivität zu „Mitosis“ vorgegeben; erwarteter Erfolg 75 %.',
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
    ...(['review-due', 'pinned-by-teacher', 'ordered-by-teacher', 'due-soon'] as const).map(reason),
    { ...reason('due-soon'), daysLeft: 1.5 },
    { ...reason('due-soon'), daysLeft: 3 },
    { ...reason('due-soon'), daysLeft: -1 },
    { ...reason('on-the-fringe'), prerequisiteIds: [] },
    { ...reason('review-mastered'), responsesSinceSeen: null },
    ...interventionTriggers.flatMap((trigger) => [
      help('explain-skill', trigger),
      help('explain-prerequisite', trigger),
    ]),
    ...(['harder-exercise', 'other-modality'] as const).map((code) => help(code, 'bored')),
    ...(['shorter-activity', 'break'] as const).map((code) => help(code, 'distracted')),
  ];
  it.each(['en', 'de', 'zh-CN'] as const)(
    'has a sentence of its own for every reason and audience in %s',
    (language) => {
      const sentences = reasons.flatMap((each) =>
        (['learner', 'teacher'] as const).map((audience) => explain(each, names, language, audience)),
      );
      expect(new Set(sentences).size).toBe(sentences.length);
      for (const sentence of sentences) {
        expect(sentence).toMatch(/[.。]$/);
        expect(sentence).not.toMatch(/undefined|null|NaN|“”|„“/);
        expect(/\p{Script=Han}/u.test(sentence)).toBe(language === 'zh-CN');
      }
    },
  );
});

describe('what a teacher is told of engagement', () => {
  const unshared = (code: InterventionReason['code'], trigger: InterventionTrigger): string =>
    explain(help(code, trigger), names, 'en', 'teacher', { shareEngagement: false });

  it('is nothing that the learner does not share', () => {
    expect(unshared('explain-prerequisite', 'confused')).toBe(unshared('explain-prerequisite', 'guessing'));
    expect(unshared('explain-skill', 'confused')).toBe(
      'In support: help on “Mitosis” (mastery 40%) was offered, in another modality than last time.',
    );
    for (const code of ['harder-exercise', 'other-modality'] as const) {
      expect(unshared(code, 'bored')).toBe(unshared('break', 'distracted'));
    }
  });
  it('is what she did herself, and what her answers say', () => {
    expect(unshared('explain-skill', 'asked-for-help')).toContain('asked for help');
    expect(unshared('explain-skill', 'struggling')).toContain('Much practice');
  });
  it('does not change what she is told', () => {
    expect(explain(help('break', 'distracted'), names, 'en', 'learner', { shareEngagement: false })).toBe(
      'There seems to be much going on around you. A short break may help.',
    );
  });
});

it('speaks the first language that it has words in', () => {
  expect(explanationLanguage(['fr', 'zh-Hans', 'en'])).toBe('zh-CN');
  expect(explanationLanguage(['en-GB', 'zh-CN'])).toBe('en');
  expect(explanationLanguage(['fr'])).toBe('en');
  expect(explanationLanguage(['fr', 'de-AT', 'en'])).toBe('de');
});
