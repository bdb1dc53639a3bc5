import type { Assessment, Enrolment, Submission } from './oulad-records.js';

/** Days until a tutor has marked an assignment, from when it is due; the set does not say when a mark was given. */
const markingDays = 14;

/** What is told of an enrolment, in this order. Before it comes a 1 for the module and a 0 for every other. */
export const ouladFeatures = [
  'registered',
  'previousAttempts',
  'credits',
  'due',
  'onTime',
  'late',
  'missing',
  'missingShare',
  'missingLast',
  'missingLastTwo',
  'missingInARow',
  'ahead',
  'meanEarliness',
  'lastEarliness',
  'daysSinceLast',
  'scored',
  'meanScore',
  'lastScore',
  'lowestScore',
  'scoreTrend',
  'belowForty',
  'weightDue',
  'weightEarned',
  'weightLost',
] as const;

/** Whether somebody is registered at the beginning of a day, as far as is known then. */
export function isRegisteredAt({ registered, left }: Enrolment, day: number): boolean {
  return registered < day && (left === null || left >= day);
}

/** The share of due assessments that are missing, alone: the baseline. 0 where none is due. */
export function missingShareAt(enrolment: Enrolment, day: number): number {
  const due = dueAt(enrolment, day);
  return due.length === 0 ? 0 : due.filter(({ submission }) => submission === null).length / due.length;
}

/** What is known at the beginning of a day, from days before it alone; {@link ouladFeatures}. */
export function ouladFeaturesAt(enrolment: Enrolment, day: number): number[] {
  const { registered, previousAttempts, credits, presentation, submissions } = enrolment;
  const due = dueAt(enrolment, day);
  const isMissing = due.map(({ submission }) => submission === null);
  const missing = isMissing.filter(Boolean).length;
  const handedIn = due.flatMap(({ assessment, submission }) =>
    submission === null ? [] : [Math.max(-30, Math.min(60, assessment.due - submission.day))],
  );
  const late = handedIn.filter((earliness) => earliness < 0).length;
  const ids = new Set(due.map(({ assessment }) => assessment.id));
  const seen = submissions.filter((each) => each.day < day);
  const lastDay = seen.reduce((latest, each) => Math.max(latest, each.day), -Infinity);
  const scores = due.flatMap((each) => scoreAt(each, day) ?? []);
  const meanScore = mean(scores);
  const weightOf = weighing(presentation.assessments);
  const all = presentation.assessments.reduce((sum, each) => sum + weightOf(each), 0) || 1;
  let [weightDue, weightEarned, weightLost] = [0, 0, 0];
  for (const each of due) {
    const weight = weightOf(each.assessment) / all;
    const score = each.submission === null ? 0 : scoreAt(each, day);
    weightDue += weight;
    if (score === null) continue;
    weightEarned += (weight * score) / 100;
    weightLost += weight * (1 - score / 100);
  }
  const told: Record<(typeof ouladFeatures)[number], number> = {
    registered,
    previousAttempts,
    credits,
    due: due.length,
    onTime: handedIn.length - late,
    late,
    missing,
    missingShare: due.length === 0 ? 0 : missing / due.length,
    missingLast: isMissing.at(-1) === true ? 1 : 0,
    missingLastTwo: isMissing.length > 1 && isMissing.slice(-2).every(Boolean) ? 1 : 0,
    missingInARow: isMissing.length - 1 - isMissing.lastIndexOf(false),
    ahead: seen.filter(({ assessment }) => !ids.has(assessment)).length,
    meanEarliness: mean(handedIn),
    lastEarliness: handedIn.at(-1) ?? 0,
    daysSinceLast: Math.min(120, day - lastDay),
    scored: scores.length,
    meanScore,
    lastScore: scores.at(-1) ?? 0,
    lowestScore: scores.length === 0 ? 0 : Math.min(...scores),
    scoreTrend: (scores.at(-1) ?? 0) - meanScore,
    belowForty: scores.filter((score) => score < 40).length,
    weightDue,
    weightEarned,
    weightLost,
  };
  return ouladFeatures.map((name) => told[name]);
}

interface Due {
  readonly assessment: Assessment;
  readonly submission: Submission | null;
}

function dueAt({ presentation, submissions }: Enrolment, day: number): Due[] {
  return presentation.assessments
    .filter(({ due }) => due < day)
    .map((assessment) => ({
      assessment,
      submission: submissions.find((each) => each.assessment === assessment.id && each.day < day) ?? null,
    }));
}

function scoreAt({ assessment, submission }: Due, day: number): number | null {
  if (submission === null) return null;
  const marked = Math.max(submission.day, assessment.due) + (assessment.isAutomatic ? 0 : markingDays);
  return submission.isBanked || marked < day ? submission.score : null;
}

/** Some modules give no assessment a weight: there all of them count alike. */
function weighing(assessments: readonly Assessment[]): (assessment: Assessment) => number {
  return assessments.some(({ weight }) => weight > 0) ? ({ weight }) => weight : () => 1;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
