import { percent, type Messages } from './messages.js';

const quote = (name: string): string => `„${name}“`;
const list = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} und ${names[names.length - 1]!}`;
const quoted = (names: readonly string[]): string => list(names.map(quote));
const share = (probability: number): string => percent(probability).replace('%', ' %');
const decimal = (value: number): string => value.toFixed(2).replace('.', ',');
const other = (instead: string | null): string => (instead === null ? 'etwas anderes' : quote(instead));
const due = (daysLeft = 0): string => {
  if (daysLeft < 0) return 'fällig war';
  if (daysLeft < 1) return 'heute fällig ist';
  const days = Math.floor(daysLeft);
  return `in ${days === 1 ? 'einem Tag' : `${days} Tagen`} fällig ist`;
};

export const german: Messages = {
  learner: {
    'introduce-skill': (_, skill) =>
      `${quote(skill)} ist neu für dich. Darum kommt vor der ersten Frage eine Erklärung.`,
    'on-the-fringe': (_, skill, prerequisites) =>
      prerequisites.length > 0
        ? `Du bist bereit für ${quote(skill)}: ${quoted(prerequisites)}, worauf es aufbaut, beherrschst du.`
        : `${quote(skill)} ist ein guter Anfang: Es baut auf nichts anderem in diesem Kurs auf.`,
    'practise-weakest': ({ masteryBefore, masteryThreshold }, skill) =>
      `Du hast mit ${quote(skill)} begonnen und stehst bei etwa ${share(masteryBefore)}; ab ${share(masteryThreshold)} beherrschst du es.`,
    'review-mastered': ({ responsesSinceSeen }, skill) =>
      `Du beherrschst ${quote(skill)}. ${
        responsesSinceSeen === null
          ? 'Eine Wiederholung hält'
          : `Nach ${responsesSinceSeen === 1 ? 'einer anderen Antwort' : `${responsesSinceSeen} anderen Antworten`} hält eine Wiederholung`
      } es frisch.`,
    'review-due': (_, skill) => `Es ist Zeit, ${quote(skill)} zu wiederholen, bevor es vergessen ist.`,
    'pinned-by-teacher': (_, skill) => `Das hat deine Lehrkraft für dich ausgesucht; es geht um ${quote(skill)}.`,
    'ordered-by-teacher': (_, skill) =>
      `In der Reihenfolge, die deine Lehrkraft festgelegt hat, kommt jetzt ${quote(skill)}.`,
    'due-soon': ({ daysLeft }, skill) =>
      `Das bereitet auf etwas vor, das ${due(daysLeft)}; es geht um ${quote(skill)}.`,
    'explain-skill': (opening, { otherModality }, skill) =>
      `${opening} Hier wird ${quote(skill)} ${otherModality ? 'auf andere Weise' : 'Schritt für Schritt'} erklärt.`,
    'explain-prerequisite': (opening, _, skill, forSkill) =>
      `${opening} ${quote(forSkill)} baut auf ${quote(skill)} auf; ein Blick auf ${quote(skill)} kann helfen.`,
    'harder-exercise': (opening, _, skill) => `${opening} Hier ist etwas Schwereres zu ${quote(skill)}.`,
    'other-modality': (opening, _, skill) => `${opening} Hier ist ${quote(skill)} in anderer Form.`,
    'shorter-activity': (opening, _, skill) => `${opening} Hier ist etwas Kurzes zu ${quote(skill)}.`,
    break: (opening) => `${opening} Eine kurze Pause kann helfen.`,
  },
  teacher: {
    'introduce-skill': ({ masteryBefore }, skill) =>
      `Zuerst kommt eine Erklärung von ${quote(skill)}: noch nie beantwortet, alle Voraussetzungen beherrscht, geschätzte Beherrschung nur ${share(masteryBefore)}.`,
    'on-the-fringe': ({ expectedSuccess, opensSkills }, skill, prerequisites) =>
      `Erste Aufgabe zu ${quote(skill)}: ${
        prerequisites.length > 0 ? `Voraussetzungen ${quoted(prerequisites)} beherrscht` : 'keine Voraussetzungen'
      }; erwarteter Erfolg ${share(expectedSuccess)}; ${
        opensSkills === 1 ? 'eine weitere Fertigkeit baut' : `${opensSkills} weitere Fertigkeiten bauen`
      } darauf auf.`,
    'practise-weakest': ({ masteryBefore, masteryThreshold, expectedSuccess }, skill) =>
      `${quote(skill)} ist begonnen, aber noch nicht beherrscht (${share(masteryBefore)} von ${share(masteryThreshold)}); erwarteter Erfolg bei dieser Aufgabe ${share(expectedSuccess)}.`,
    'review-mastered': ({ masteryBefore, responsesSinceSeen }, skill) =>
      `Wiederholung von ${quote(skill)} (Beherrschung ${share(masteryBefore)})${
        responsesSinceSeen === null
          ? ''
          : `, zuletzt gesehen vor ${responsesSinceSeen === 1 ? 'einer Antwort' : `${responsesSinceSeen} Antworten`}`
      }.`,
    'review-due': ({ retrievability, masteryBefore }, skill) =>
      `Eine Wiederholung von ${quote(skill)} (Beherrschung ${share(masteryBefore)}) ist fällig${
        retrievability === undefined ? '' : `: Es wird noch mit ${share(retrievability)} Wahrscheinlichkeit erinnert`
      }.`,
    'pinned-by-teacher': ({ expectedSuccess }, skill) =>
      `Eine Lehrkraft hat diese Aktivität zu ${quote(skill)} vorgegeben; erwarteter Erfolg ${share(expectedSuccess)}.`,
    'ordered-by-teacher': ({ masteryBefore, masteryThreshold }, skill) =>
      `In der für den Kurs festgelegten Reihenfolge ist ${quote(skill)} die erste zugängliche Fertigkeit, die noch nicht beherrscht ist (${share(masteryBefore)} von ${share(masteryThreshold)}).`,
    'due-soon': ({ daysLeft, masteryBefore }, skill) =>
      `${quote(skill)} (Beherrschung ${share(masteryBefore)}) dient dem, was ${due(daysLeft)}; der Termin des Kurses gab den Ausschlag.`,
    'explain-skill': (opening, { masteryBefore, otherModality }, skill) =>
      `${opening}: Hilfe zu ${quote(skill)} (Beherrschung ${share(masteryBefore)}) wurde angeboten${
        otherModality ? ', in anderer Form als zuletzt' : ''
      }.`,
    'explain-prerequisite': (opening, { masteryBefore, otherModality }, skill, forSkill) =>
      `${opening}: Hilfe zu ${quote(skill)} (Beherrschung ${share(masteryBefore)}), worauf ${quote(forSkill)} aufbaut und das schwächer ist, wurde angeboten${
        otherModality ? ', in anderer Form als zuletzt' : ''
      }.`,
    'harder-exercise': (opening, { masteryBefore }, skill) =>
      `${opening}: Eine schwerere Aufgabe zu ${quote(skill)} (Beherrschung ${share(masteryBefore)}) wurde angeboten.`,
    'other-modality': (opening, _, skill) => `${opening}: ${quote(skill)} wurde in anderer Form angeboten.`,
    'shorter-activity': (opening, _, skill) => `${opening}: Eine kürzere Aktivität zu ${quote(skill)} wurde angeboten.`,
    break: (opening, _, skill) => `${opening}: Eine Pause von ${quote(skill)} wurde angeboten.`,
  },
  learnerOpenings: {
    confused: 'Das scheint gerade schwierig zu sein.',
    guessing: 'Nimm dir so viel Zeit, wie du brauchst.',
    struggling: 'Daran arbeitest du schon eine Weile.',
    'asked-for-help': 'Du hast um Hilfe gebeten.',
    distracted: 'Um dich herum scheint viel los zu sein.',
    bored: 'Das scheint dir leichtzufallen.',
  },
  teacherOpenings: {
    confused: 'Langsame, falsche oder wiederholte Versuche lassen auf Verwirrung schließen',
    guessing: 'Antworten, die schneller kommen, als die Aufgabe zu lesen ist, lassen auf Raten schließen',
    struggling: 'Viel Übung hat noch nicht zur Beherrschung geführt',
    'asked-for-help': 'Es wurde um Hilfe gebeten',
    distracted: 'Abwesenheiten lassen auf Ablenkung schließen',
    bored: 'Die Arbeitsweise lässt auf Langeweile schließen',
  },
  unsharedOpening: 'Zur Unterstützung',
  unsharedOffer: (skill) => `Beim Üben von ${quote(skill)} wurde eine Abwechslung angeboten.`,
  changes: {
    'without-control': ({ control }, _, instead) => {
      const without = {
        pin: 'Ohne die Vorgabe einer Lehrkraft',
        order: 'Ohne die für den Kurs festgelegte Reihenfolge',
        'due-date': 'Ohne den für den Kurs festgelegten Termin',
        ban: 'Wenn keine Lehrkraft etwas ausgeschlossen hätte',
      }[control];
      return `${without}${control === 'ban' ? ',' : ''} wäre zuerst ${other(instead)} gekommen.`;
    },
    mastery: ({ skillId, from, to }, { skill }, instead) =>
      `Läge die Beherrschung von ${quote(skill(skillId))} bei ${share(to)} oder ${to > from ? 'mehr' : 'weniger'} (sie liegt bei ${share(from)}), wäre zuerst ${other(instead)} gekommen.`,
    'times-seen': ({ activityId, from, to }, { activity }, instead) => {
      const name = activity(activityId);
      return `Wäre ${name === null ? 'diese Aktivität' : quote(name)} schon ${to}-mal statt ${from}-mal gezeigt worden, wäre zuerst ${other(instead)} gekommen.`;
    },
    retrievability: ({ skillId, from, to }, { skill }, instead) =>
      `Würde ${quote(skill(skillId))} mit ${share(to)} Wahrscheinlichkeit oder ${to > from ? 'mehr' : 'weniger'} erinnert (es sind ${share(from)}), wäre zuerst ${other(instead)} gekommen.`,
    term: ({ name, from, to }, { term }, instead) =>
      `Hätte ${quote(term(name))} höchstens mit ${decimal(to)} statt mit ${decimal(from)} gezählt, wäre zuerst ${other(instead)} gekommen.`,
  },
  terms: {
    fringe: 'eine Fertigkeit, die jetzt gelernt werden kann',
    'success-band': 'eine passende Schwierigkeit',
    introduction: 'eine Erklärung vor der ersten Frage',
    progress: 'der Stand der Fertigkeit',
    opens: 'Fertigkeiten, die darauf warten',
    review: 'die Zeit seit der letzten Übung',
    variety: 'dass es schon gezeigt wurde',
    'review-due': 'eine Fertigkeit, die in Vergessenheit gerät',
    'due-soon': 'ein Termin der Lehrkraft',
    'other-modality': 'eine andere Form als zuvor',
    kind: 'eine passende Art von Hilfe',
    seen: 'dass es schon bekannt ist',
    focus: 'dass es um diese Fertigkeit geht',
    harder: 'dass es schwerer ist',
    short: 'dass es kurz ist',
    rest: 'der Bedarf an einer Pause',
  },
  decisive: (reasonsFor, reasonsAgainst) =>
    [
      ...(reasonsFor.length > 0 ? [`Am meisten sprach dafür: ${list(reasonsFor)}.`] : []),
      ...(reasonsAgainst.length > 0 ? [`Dagegen sprach: ${list(reasonsAgainst)}.`] : []),
    ].join(' '),
  drawn: (likelier) => `Unter dem, was passt, hat der Zufall entschieden; wahrscheinlicher war ${other(likelier)}.`,
  experimentNotice:
    'In diesem Kurs werden verschiedene Arten verglichen, das Nächste auszuwählen. Auf deine Noten hat das keinen Einfluss, und du kannst jederzeit darauf verzichten.',
  betweenSentences: ' ',
};
