import { percent, quote, type Messages } from './messages.js';

const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names[names.length - 1]!}`;
const quoted = (names: readonly string[]): string => list(names.map(quote));
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
const other = (instead: string | null): string => (instead === null ? 'something else' : quote(instead));
const due = (daysLeft = 0): string => {
  if (daysLeft < 0) return 'was due';
  return daysLeft < 1 ? 'is due today' : `is due in ${plural(Math.floor(daysLeft), 'day')}`;
};

export const english: Messages = {
  learner: {
    'introduce-skill': (_, skill) =>
      `${quote(skill)} is new to you, so here it is explained before the first question.`,
    'on-the-fringe': (_, skill, prerequisites) =>
      prerequisites.length > 0
        ? `You are ready for ${quote(skill)}: you have mastered ${quoted(prerequisites)}, which it builds on.`
        : `${quote(skill)} is a good place to start: it builds on nothing else in this course.`,
    'practise-weakest': ({ masteryBefore, masteryThreshold }, skill) =>
      `You have begun ${quote(skill)} and are at about ${percent(masteryBefore)}; at ${percent(masteryThreshold)} you have mastered it.`,
    'review-mastered': ({ responsesSinceSeen }, skill) =>
      `You have mastered ${quote(skill)}. ${
        responsesSinceSeen === null
          ? 'Recalling it'
          : `After ${plural(responsesSinceSeen, 'other answer')}, recalling it`
      } keeps it fresh.`,
    'review-due': (_, skill) => `It is time to recall ${quote(skill)}, before it is forgotten.`,
    'pinned-by-teacher': (_, skill) => `Your teacher has chosen this for you; it is about ${quote(skill)}.`,
    'ordered-by-teacher': (_, skill) => `In the order that your teacher has set, ${quote(skill)} is next.`,
    'due-soon': ({ daysLeft }, skill) => `This prepares for what ${due(daysLeft)}; it is about ${quote(skill)}.`,
    'explain-skill': (opening, { otherModality }, skill) =>
      `${opening} Here is ${quote(skill)}, explained ${otherModality ? 'in another way' : 'step by step'}.`,
    'explain-prerequisite': (opening, _, skill, forSkill) =>
      `${opening} ${quote(forSkill)} builds on ${quote(skill)}, so a look at ${quote(skill)} may help.`,
    'harder-exercise': (opening, _, skill) => `${opening} Here is something harder on ${quote(skill)}.`,
    'other-modality': (opening, _, skill) => `${opening} Here is ${quote(skill)} in another form.`,
    'shorter-activity': (opening, _, skill) => `${opening} Here is something short on ${quote(skill)}.`,
    break: (opening) => `${opening} A short break may help.`,
  },
  teacher: {
    'introduce-skill': ({ masteryBefore }, skill) =>
      `An explanation of ${quote(skill)} comes first: never answered, all prerequisites mastered, estimated mastery only ${percent(masteryBefore)}.`,
    'on-the-fringe': ({ expectedSuccess, opensSkills }, skill, prerequisites) =>
      `First exercise of ${quote(skill)}: ${
        prerequisites.length > 0 ? `prerequisites ${quoted(prerequisites)} mastered` : 'no prerequisites'
      }; expected success ${percent(expectedSuccess)}; opens ${plural(opensSkills, 'further skill')}.`,
    'practise-weakest': ({ masteryBefore, masteryThreshold, expectedSuccess }, skill) =>
      `${quote(skill)} is begun but not mastered (${percent(masteryBefore)} of ${percent(masteryThreshold)}); expected success on this exercise ${percent(expectedSuccess)}.`,
    'review-mastered': ({ masteryBefore, responsesSinceSeen }, skill) =>
      `Review of ${quote(skill)} (mastery ${percent(masteryBefore)})${
        responsesSinceSeen === null ? '' : `, last seen ${plural(responsesSinceSeen, 'response')} ago`
      }.`,
    'review-due': ({ retrievability, masteryBefore }, skill) =>
      `A review of ${quote(skill)} (mastery ${percent(masteryBefore)}) is due${
        retrievability === undefined ? '' : `: it is remembered with a chance of ${percent(retrievability)}`
      }.`,
    'pinned-by-teacher': ({ expectedSuccess }, skill) =>
      `A teacher pinned this activity on ${quote(skill)}; expected success ${percent(expectedSuccess)}.`,
    'ordered-by-teacher': ({ masteryBefore, masteryThreshold }, skill) =>
      `In the order set for the course, ${quote(skill)} is the first skill that is open and not mastered (${percent(masteryBefore)} of ${percent(masteryThreshold)}).`,
    'due-soon': ({ daysLeft, masteryBefore }, skill) =>
      `${quote(skill)} (mastery ${percent(masteryBefore)}) serves what ${due(daysLeft)}; the date set for the course decided.`,
    'explain-skill': (opening, { masteryBefore, otherModality }, skill) =>
      `${opening}: help on ${quote(skill)} (mastery ${percent(masteryBefore)}) was offered${
        otherModality ? ', in another modality than last time' : ''
      }.`,
    'explain-prerequisite': (opening, { masteryBefore, otherModality }, skill, forSkill) =>
      `${opening}: help on ${quote(skill)} (mastery ${percent(masteryBefore)}), which ${quote(forSkill)} builds on and which is weaker, was offered${
        otherModality ? ', in another modality than last time' : ''
      }.`,
    'harder-exercise': (opening, { masteryBefore }, skill) =>
      `${opening}: a harder exercise on ${quote(skill)} (mastery ${percent(masteryBefore)}) was offered.`,
    'other-modality': (opening, _, skill) => `${opening}: ${quote(skill)} was offered in another modality.`,
    'shorter-activity': (opening, _, skill) => `${opening}: a shorter activity on ${quote(skill)} was offered.`,
    break: (opening, _, skill) => `${opening}: a break from ${quote(skill)} was offered.`,
  },
  learnerOpenings: {
    confused: 'This seems to be hard going.',
    guessing: 'Take all the time you need.',
    struggling: 'You have worked on this for a while.',
    'asked-for-help': 'You asked for help.',
    distracted: 'There seems to be much going on around you.',
    bored: 'This seems to be easy for you.',
  },
  teacherOpenings: {
    confused: 'Slow, wrong or repeated tries suggest confusion',
    guessing: 'Answers faster than the item can be read suggest guessing',
    struggling: 'Much practice has not brought mastery',
    'asked-for-help': 'The learner asked for help',
    distracted: 'Time away suggests distraction',
    bored: 'The work suggests boredom',
  },
  unsharedOpening: 'In support',
  unsharedOffer: (skill) => `A change was offered while ${quote(skill)} was practised.`,
  changes: {
    'without-control': ({ control }, _, instead) => {
      const without = {
        pin: 'Had no teacher pinned it',
        order: 'Without the order set for the course',
        'due-date': 'Without the date set for the course',
        ban: 'Had no teacher ruled anything out',
      }[control];
      return `${without}, ${other(instead)} would have come first.`;
    },
    mastery: ({ skillId, from, to }, { skill }, instead) =>
      `If mastery of ${quote(skill(skillId))} were ${percent(to)} or ${to > from ? 'more' : 'less'} (it is ${percent(from)}), ${other(instead)} would have come first.`,
    'times-seen': ({ activityId, from, to }, { activity }, instead) => {
      const name = activity(activityId);
      return `If ${name === null ? 'this activity' : quote(name)} had been seen ${plural(to, 'time')} instead of ${from}, ${other(instead)} would have come first.`;
    },
    retrievability: ({ skillId, from, to }, { skill }, instead) =>
      `If ${quote(skill(skillId))} were remembered with a chance of ${percent(to)} or ${to > from ? 'more' : 'less'} (it is ${percent(from)}), ${other(instead)} would have come first.`,
    term: ({ name, from, to }, { term }, instead) =>
      `If ${quote(term(name))} had counted ${to.toFixed(2)} or less instead of ${from.toFixed(2)}, ${other(instead)} would have come first.`,
  },
  terms: {
    fringe: 'a skill that can be learnt now',
    'success-band': 'a difficulty that suits',
    introduction: 'an explanation before the first question',
    progress: 'how far the skill has come',
    opens: 'skills that wait for it',
    review: 'time since the skill was practised',
    variety: 'having seen it before',
    'review-due': 'a skill that is being forgotten',
    'due-soon': 'a date set by the teacher',
    'other-modality': 'another form than before',
    kind: 'a kind of help that suits',
    seen: 'having seen it already',
    focus: 'being about this skill',
    harder: 'being harder',
    short: 'being short',
    rest: 'the need for a rest',
  },
  decisive: (reasonsFor, reasonsAgainst) =>
    [
      ...(reasonsFor.length > 0 ? [`What counted most for it: ${list(reasonsFor)}.`] : []),
      ...(reasonsAgainst.length > 0 ? [`Against it: ${list(reasonsAgainst)}.`] : []),
    ].join(' '),
  drawn: (likelier) => `Chance drew it among what suits; ${other(likelier)} was more probable.`,
  experimentNotice:
    'Different ways of choosing what comes next are being compared in this course. This does not touch your grades, and you can opt out at any time.',
  betweenSentences: ' ',
};
