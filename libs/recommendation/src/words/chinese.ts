import { percent, quote, type Messages } from './messages.js';

const quoted = (names: readonly string[]): string => names.map(quote).join('、');
const other = (instead: string | null): string => (instead === null ? '其他内容' : quote(instead));
const due = (daysLeft = 0): string => {
  if (daysLeft < 0) return '已到期';
  return daysLeft < 1 ? '今天到期' : `${Math.floor(daysLeft)} 天后到期`;
};

export const chinese: Messages = {
  learner: {
    'introduce-skill': (_, skill) => `${quote(skill)}对你来说是新内容，先看讲解，再做第一道题。`,
    'on-the-fringe': (_, skill, prerequisites) =>
      prerequisites.length > 0
        ? `你已掌握${quoted(prerequisites)}，可以开始学习${quote(skill)}了。`
        : `${quote(skill)}不需要其他基础，很适合作为起点。`,
    'practise-weakest': ({ masteryBefore, masteryThreshold }, skill) =>
      `你已经开始学习${quote(skill)}，目前约 ${percent(masteryBefore)}，达到 ${percent(masteryThreshold)} 就算掌握。`,
    'review-mastered': ({ responsesSinceSeen }, skill) =>
      `你已掌握${quote(skill)}。${
        responsesSinceSeen === null ? '' : `距上次接触已答过 ${responsesSinceSeen} 题，`
      }复习一下，记得更牢。`,
    'review-due': (_, skill) => `该复习${quote(skill)}了，趁还没有忘记。`,
    'pinned-by-teacher': (_, skill) => `这是老师为你选定的内容，关于${quote(skill)}。`,
    'ordered-by-teacher': (_, skill) => `按照老师安排的顺序，接下来学习${quote(skill)}。`,
    'due-soon': ({ daysLeft }, skill) => `老师布置的内容${due(daysLeft)}，现在练习${quote(skill)}正合适。`,
    'explain-skill': (opening, { otherModality }, skill) =>
      `${opening}这里${otherModality ? '换一种方式' : '一步一步'}讲解${quote(skill)}。`,
    'explain-prerequisite': (opening, _, skill, forSkill) =>
      `${opening}${quote(forSkill)}以${quote(skill)}为基础，先看看${quote(skill)}可能会有帮助。`,
    'harder-exercise': (opening, _, skill) => `${opening}来试试${quote(skill)}更难一点的题。`,
    'other-modality': (opening, _, skill) => `${opening}换一种形式来学习${quote(skill)}。`,
    'shorter-activity': (opening, _, skill) => `${opening}先做一个关于${quote(skill)}的小任务。`,
    break: (opening) => `${opening}休息一会儿也许会有帮助。`,
  },
  teacher: {
    'introduce-skill': ({ masteryBefore }, skill) =>
      `先讲解${quote(skill)}：尚未作答过，先修技能均已掌握，估计掌握度仅 ${percent(masteryBefore)}。`,
    'on-the-fringe': ({ expectedSuccess, opensSkills }, skill, prerequisites) =>
      `${quote(skill)}的第一道练习：${
        prerequisites.length > 0 ? `先修技能${quoted(prerequisites)}已掌握` : '没有先修技能'
      }；预期正确率 ${percent(expectedSuccess)}；后续有 ${opensSkills} 项技能依赖它。`,
    'practise-weakest': ({ masteryBefore, masteryThreshold, expectedSuccess }, skill) =>
      `${quote(skill)}已开始但未掌握（掌握度 ${percent(masteryBefore)}，标准 ${percent(masteryThreshold)}）；本题预期正确率 ${percent(expectedSuccess)}。`,
    'review-mastered': ({ masteryBefore, responsesSinceSeen }, skill) =>
      `复习${quote(skill)}（掌握度 ${percent(masteryBefore)}）${
        responsesSinceSeen === null ? '' : `，距上次接触 ${responsesSinceSeen} 次作答`
      }。`,
    'review-due': ({ retrievability, masteryBefore }, skill) =>
      `${quote(skill)}（掌握度 ${percent(masteryBefore)}）到了复习时间${
        retrievability === undefined ? '' : `，估计仍记得的概率为 ${percent(retrievability)}`
      }。`,
    'pinned-by-teacher': ({ expectedSuccess }, skill) =>
      `教师指定了这个关于${quote(skill)}的活动；预期正确率 ${percent(expectedSuccess)}。`,
    'ordered-by-teacher': ({ masteryBefore, masteryThreshold }, skill) =>
      `按课程设定的顺序，${quote(skill)}是第一项可学而未掌握的技能（掌握度 ${percent(masteryBefore)}，标准 ${percent(masteryThreshold)}）。`,
    'due-soon': ({ daysLeft, masteryBefore }, skill) =>
      `课程设定的任务${due(daysLeft)}，它需要${quote(skill)}（掌握度 ${percent(masteryBefore)}），该日期起了决定作用。`,
    'explain-skill': (opening, { masteryBefore, otherModality }, skill) =>
      `${opening}：已提供${quote(skill)}（掌握度 ${percent(masteryBefore)}）的讲解${otherModality ? '，形式与上次不同' : ''}。`,
    'explain-prerequisite': (opening, { masteryBefore, otherModality }, skill, forSkill) =>
      `${opening}：${quote(forSkill)}所依赖的${quote(skill)}更薄弱（掌握度 ${percent(masteryBefore)}），已提供其讲解${
        otherModality ? '，形式与上次不同' : ''
      }。`,
    'harder-exercise': (opening, { masteryBefore }, skill) =>
      `${opening}：已提供${quote(skill)}（掌握度 ${percent(masteryBefore)}）更难的练习。`,
    'other-modality': (opening, _, skill) => `${opening}：已用另一种形式提供${quote(skill)}。`,
    'shorter-activity': (opening, _, skill) => `${opening}：已提供${quote(skill)}的较短活动。`,
    break: (opening, _, skill) => `${opening}：已建议在学习${quote(skill)}时休息一下。`,
  },
  learnerOpenings: {
    confused: '这道题好像不太容易。',
    guessing: '不用着急，慢慢来。',
    struggling: '你已经练习了一段时间。',
    'asked-for-help': '你请求了帮助。',
    distracted: '身边好像有不少事情。',
    bored: '这些对你来说好像很容易。',
  },
  teacherOpenings: {
    confused: '作答偏慢、出错或反复尝试，可能感到困惑',
    guessing: '作答快于读题所需时间，可能在猜答案',
    struggling: '多次练习后仍未掌握',
    'asked-for-help': '学习者请求了帮助',
    distracted: '多次离开，可能分心',
    bored: '作答情况显示可能感到无聊',
  },
  unsharedOpening: '已提供支持',
  unsharedOffer: (skill) => `练习${quote(skill)}时，已提供换一换的建议。`,
  changes: {
    'without-control': ({ control }, _, instead) => {
      const without = {
        pin: '如果没有教师指定',
        order: '如果没有课程设定的顺序',
        'due-date': '如果没有课程设定的日期',
        ban: '如果教师没有排除任何内容',
      }[control];
      return `${without}，会先出现${other(instead)}。`;
    },
    mastery: ({ skillId, from, to }, { skill }, instead) =>
      `如果${quote(skill(skillId))}的掌握度${to > from ? '达到' : '不超过'} ${percent(to)}（现为 ${percent(from)}），会先出现${other(instead)}。`,
    'times-seen': ({ activityId, from, to }, { activity }, instead) => {
      const name = activity(activityId);
      return `如果${name === null ? '这个活动' : quote(name)}出现过 ${to} 次而不是 ${from} 次，会先出现${other(instead)}。`;
    },
    retrievability: ({ skillId, from, to }, { skill }, instead) =>
      `如果${quote(skill(skillId))}仍记得的概率${to > from ? '达到' : '不超过'} ${percent(to)}（现为 ${percent(from)}），会先出现${other(instead)}。`,
    term: ({ name, from, to }, { term }, instead) =>
      `如果${quote(term(name))}的分量不超过 ${to.toFixed(2)}（现为 ${from.toFixed(2)}），会先出现${other(instead)}。`,
  },
  terms: {
    fringe: '现在可以学习的技能',
    'success-band': '合适的难度',
    introduction: '第一道题之前的讲解',
    progress: '该技能的进展',
    opens: '依赖它的技能',
    review: '距上次练习的时间',
    variety: '已经出现过',
    'review-due': '正在遗忘的技能',
    'due-soon': '教师设定的日期',
    'other-modality': '与之前不同的形式',
    kind: '合适的帮助类型',
    seen: '已经看过',
    focus: '专门针对该技能',
    harder: '难度更高',
    short: '时间较短',
    rest: '需要休息',
  },
  decisive: (reasonsFor, reasonsAgainst) =>
    [
      ...(reasonsFor.length > 0 ? [`主要依据：${reasonsFor.join('、')}。`] : []),
      ...(reasonsAgainst.length > 0 ? [`不利因素：${reasonsAgainst.join('、')}。`] : []),
    ].join(''),
  drawn: (likelier) => `这是在合适的内容中随机抽取的；${other(likelier)}原本更有可能。`,
  experimentNotice: '本课程正在比较选择后续内容的不同方式。这不会影响你的成绩，你可以随时退出。',
  betweenSentences: '',
};
