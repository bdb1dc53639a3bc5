import type { Reason } from '../model/choice.js';
import type { InterventionReason, InterventionTrigger } from '../model/intervention.js';

export type ExplanationLanguage = 'en' | 'zh-CN';
export type ExplanationAudience = 'learner' | 'teacher';

/** The first of the wanted languages that there are words in; English where there is none. */
export function explanationLanguage(wanted: readonly string[]): ExplanationLanguage {
  for (const language of wanted) {
    const [primary] = language.toLowerCase().split('-');
    if (primary === 'en') return 'en';
    if (primary === 'zh') return 'zh-CN';
  }
  return 'en';
}

/** Finds the words for a skill. */
export interface SkillNames {
  readonly skillName: (skillId: string) => string;
}

/**
 * States in words why an activity or an offer of help came: to the learner in one or two sentences about what she
 * can do now, to a teacher with the numbers that decided.
 */
export function explain(
  reason: Reason | InterventionReason,
  names: SkillNames,
  language: ExplanationLanguage,
  audience: ExplanationAudience,
): string {
  const catalogue = catalogues[language][audience];
  if ('trigger' in reason) {
    const skill = names.skillName(reason.skillId);
    return catalogue[reason.code](reason, skill, names.skillName(reason.forSkillId));
  }
  const prerequisites = reason.prerequisiteIds.map((id) => names.skillName(id));
  return catalogue[reason.code](reason, names.skillName(reason.skillId), prerequisites);
}

type Catalogue = {
  readonly [Code in Reason['code']]: (reason: Reason, skill: string, prerequisites: readonly string[]) => string;
} & {
  readonly [Code in InterventionReason['code']]: (
    reason: InterventionReason,
    skill: string,
    forSkill: string,
  ) => string;
};

/** A model is never sure: 1 to 99. */
function percent(probability: number): string {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))}%`;
}

const joinEnglish = (names: readonly string[]): string =>
  names.length < 2
    ? quote(names[0] ?? '')
    : `${names.slice(0, -1).map(quote).join(', ')} and ${quote(names[names.length - 1]!)}`;
const joinChinese = (names: readonly string[]): string => names.map(quote).join('、');
const quote = (name: string): string => `“${name}”`;

const englishTriggers: Readonly<Record<InterventionTrigger, string>> = {
  confused: 'Slow, wrong or repeated tries suggest confusion',
  guessing: 'Answers faster than the item can be read suggest guessing',
  struggling: 'Much practice has not brought mastery',
  'asked-for-help': 'The learner asked for help',
};

const englishOpenings: Readonly<Record<InterventionTrigger, string>> = {
  confused: 'This seems to be hard going.',
  guessing: 'Take all the time you need.',
  struggling: 'You have worked on this for a while.',
  'asked-for-help': 'You asked for help.',
};

const chineseTriggers: Readonly<Record<InterventionTrigger, string>> = {
  confused: '作答偏慢、出错或反复尝试，可能感到困惑',
  guessing: '作答快于读题所需时间，可能在猜答案',
  struggling: '多次练习后仍未掌握',
  'asked-for-help': '学习者请求了帮助',
};

const chineseOpenings: Readonly<Record<InterventionTrigger, string>> = {
  confused: '这道题好像不太容易。',
  guessing: '不用着急，慢慢来。',
  struggling: '你已经练习了一段时间。',
  'asked-for-help': '你请求了帮助。',
};

const englishLearner: Catalogue = {
  'introduce-skill': (_, skill) => `${quote(skill)} is new to you, so here it is explained before the first question.`,
  'on-the-fringe': (_, skill, prerequisites) =>
    prerequisites.length > 0
      ? `You are ready for ${quote(skill)}: you have mastered ${joinEnglish(prerequisites)}, which it builds on.`
      : `${quote(skill)} is a good place to start: it builds on nothing else in this course.`,
  'practise-weakest': ({ masteryBefore, masteryThreshold }, skill) =>
    `You have begun ${quote(skill)} and are at about ${percent(masteryBefore)}; at ${percent(masteryThreshold)} you have mastered it.`,
  'review-mastered': ({ responsesSinceSeen }, skill) =>
    `You have mastered ${quote(skill)}. ${
      responsesSinceSeen === null ? 'Recalling it' : `After ${plural(responsesSinceSeen, 'other answer')}, recalling it`
    } keeps it fresh.`,
  'explain-skill': ({ trigger, otherModality }, skill) =>
    `${englishOpenings[trigger]} Here is ${quote(skill)}, explained ${otherModality ? 'in another way' : 'step by step'}.`,
  'explain-prerequisite': ({ trigger }, skill, forSkill) =>
    `${englishOpenings[trigger]} ${quote(forSkill)} builds on ${quote(skill)}, so a look at ${quote(skill)} may help.`,
};

const englishTeacher: Catalogue = {
  'introduce-skill': ({ masteryBefore }, skill) =>
    `An explanation of ${quote(skill)} comes first: never answered, all prerequisites mastered, estimated mastery only ${percent(masteryBefore)}.`,
  'on-the-fringe': ({ expectedSuccess, opensSkills }, skill, prerequisites) =>
    `First exercise of ${quote(skill)}: ${
      prerequisites.length > 0 ? `prerequisites ${joinEnglish(prerequisites)} mastered` : 'no prerequisites'
    }; expected success ${percent(expectedSuccess)}; opens ${plural(opensSkills, 'further skill')}.`,
  'practise-weakest': ({ masteryBefore, masteryThreshold, expectedSuccess }, skill) =>
    `${quote(skill)} is begun but not mastered (${percent(masteryBefore)} of ${percent(masteryThreshold)}); expected success on this exercise ${percent(expectedSuccess)}.`,
  'review-mastered': ({ masteryBefore, responsesSinceSeen }, skill) =>
    `Review of ${quote(skill)} (mastery ${percent(masteryBefore)})${
      responsesSinceSeen === null ? '' : `, last seen ${plural(responsesSinceSeen, 'response')} ago`
    }.`,
  'explain-skill': ({ trigger, masteryBefore, otherModality }, skill) =>
    `${englishTriggers[trigger]}: help on ${quote(skill)} (mastery ${percent(masteryBefore)}) was offered${
      otherModality ? ', in another modality than last time' : ''
    }.`,
  'explain-prerequisite': ({ trigger, masteryBefore, otherModality }, skill, forSkill) =>
    `${englishTriggers[trigger]}: help on ${quote(skill)} (mastery ${percent(masteryBefore)}), which ${quote(forSkill)} builds on and which is weaker, was offered${
      otherModality ? ', in another modality than last time' : ''
    }.`,
};

const chineseLearner: Catalogue = {
  'introduce-skill': (_, skill) => `${quote(skill)}对你来说是新内容，先看讲解，再做第一道题。`,
  'on-the-fringe': (_, skill, prerequisites) =>
    prerequisites.length > 0
      ? `你已掌握${joinChinese(prerequisites)}，可以开始学习${quote(skill)}了。`
      : `${quote(skill)}不需要其他基础，很适合作为起点。`,
  'practise-weakest': ({ masteryBefore, masteryThreshold }, skill) =>
    `你已经开始学习${quote(skill)}，目前约 ${percent(masteryBefore)}，达到 ${percent(masteryThreshold)} 就算掌握。`,
  'review-mastered': ({ responsesSinceSeen }, skill) =>
    `你已掌握${quote(skill)}。${
      responsesSinceSeen === null ? '' : `距上次接触已答过 ${responsesSinceSeen} 题，`
    }复习一下，记得更牢。`,
  'explain-skill': ({ trigger, otherModality }, skill) =>
    `${chineseOpenings[trigger]}这里${otherModality ? '换一种方式' : '一步一步'}讲解${quote(skill)}。`,
  'explain-prerequisite': ({ trigger }, skill, forSkill) =>
    `${chineseOpenings[trigger]}${quote(forSkill)}以${quote(skill)}为基础，先看看${quote(skill)}可能会有帮助。`,
};

const chineseTeacher: Catalogue = {
  'introduce-skill': ({ masteryBefore }, skill) =>
    `先讲解${quote(skill)}：尚未作答过，先修技能均已掌握，估计掌握度仅 ${percent(masteryBefore)}。`,
  'on-the-fringe': ({ expectedSuccess, opensSkills }, skill, prerequisites) =>
    `${quote(skill)}的第一道练习：${
      prerequisites.length > 0 ? `先修技能${joinChinese(prerequisites)}已掌握` : '没有先修技能'
    }；预期正确率 ${percent(expectedSuccess)}；后续有 ${opensSkills} 项技能依赖它。`,
  'practise-weakest': ({ masteryBefore, masteryThreshold, expectedSuccess }, skill) =>
    `${quote(skill)}已开始但未掌握（掌握度 ${percent(masteryBefore)}，标准 ${percent(masteryThreshold)}）；本题预期正确率 ${percent(expectedSuccess)}。`,
  'review-mastered': ({ masteryBefore, responsesSinceSeen }, skill) =>
    `复习${quote(skill)}（掌握度 ${percent(masteryBefore)}）${
      responsesSinceSeen === null ? '' : `，距上次接触 ${responsesSinceSeen} 次作答`
    }。`,
  'explain-skill': ({ trigger, masteryBefore, otherModality }, skill) =>
    `${chineseTriggers[trigger]}：已提供${quote(skill)}（掌握度 ${percent(masteryBefore)}）的讲解${
      otherModality ? '，形式与上次不同' : ''
    }。`,
  'explain-prerequisite': ({ trigger, masteryBefore, otherModality }, skill, forSkill) =>
    `${chineseTriggers[trigger]}：${quote(forSkill)}所依赖的${quote(skill)}更薄弱（掌握度 ${percent(masteryBefore)}），已提供其讲解${
      otherModality ? '，形式与上次不同' : ''
    }。`,
};

const catalogues: Readonly<Record<ExplanationLanguage, Readonly<Record<ExplanationAudience, Catalogue>>>> = {
  en: { learner: englishLearner, teacher: englishTeacher },
  'zh-CN': { learner: chineseLearner, teacher: chineseTeacher },
};

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
