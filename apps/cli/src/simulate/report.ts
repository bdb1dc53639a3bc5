import { percentiles, type Percentiles, type Tally } from './tally.js';

/** What a simulation found; `--json` prints it as it is. */
export interface SimulationReport {
  readonly learners: number;
  readonly responses: number;
  /** Of the responses to exercises. */
  readonly shareRight: number;
  readonly seconds: number;
  readonly responsesPerSecond: number;
  /** From sending a response to its answer. */
  readonly latencyMs: Percentiles;
  /** From when a response was due to its answer: waiting behind slow answers counts. */
  readonly fromDueMs: Percentiles;
  readonly events: number;
  readonly hints: number;
  readonly interventions: { readonly offered: number; readonly accepted: number; readonly dismissed: number };
  /** Mean over learners and skills of the course, in probability. */
  readonly masteryGained: number;
  readonly submissions: number;
  /** What learners heard of their drawings from the grader: a score, or that a teacher has to look first. */
  readonly scoresHeard: number;
  readonly awaitReview: number;
  readonly reviews: number;
  /** Reviews that reached their learner. */
  readonly reviewsHeard: number;
  readonly reconnects: number;
  readonly errors: number;
  readonly errorsByCode: Readonly<Record<string, number>>;
  /** Processor time of the simulator itself. */
  readonly simulatorCpuSeconds: number;
}

export function makeReport(
  tally: Tally,
  run: {
    readonly learners: number;
    readonly seconds: number;
    readonly masteryGained: number;
    readonly cpuSeconds: number;
  },
): SimulationReport {
  const { responses, drawings } = tally;
  const judged = responses.right + responses.wrong;
  return {
    learners: run.learners,
    responses: responses.total,
    shareRight: round(judged === 0 ? 0 : responses.right / judged, 3),
    seconds: round(run.seconds, 1),
    responsesPerSecond: round(run.seconds === 0 ? 0 : responses.total / run.seconds, 1),
    latencyMs: percentiles(tally.service),
    fromDueMs: percentiles(tally.fromDue),
    events: tally.events,
    hints: tally.hints,
    interventions: { ...tally.interventions },
    masteryGained: round(run.masteryGained, 4),
    submissions: drawings.submitted,
    scoresHeard: drawings.answered,
    awaitReview: drawings.awaitReview,
    reviews: drawings.reviews,
    reviewsHeard: drawings.reviewsHeard,
    reconnects: tally.reconnects,
    errors: [...tally.errors.values()].reduce((sum, count) => sum + count, 0),
    errorsByCode: Object.fromEntries(tally.errors),
    simulatorCpuSeconds: round(run.cpuSeconds, 1),
  };
}

/** The report as a table for people. */
export function formatReport(report: SimulationReport): string {
  const { interventions, errorsByCode } = report;
  const codes = Object.entries(errorsByCode).map(([code, count]) => `${count} × ${code}`);
  const rows: [string, string][] = [
    ['learners', String(report.learners)],
    ['events heard', String(report.events)],
    ['responses', `${report.responses}, ${Math.round(report.shareRight * 100)} % of the exercises right`],
    ['responses a second', `${report.responsesPerSecond} over ${report.seconds} s`],
    ['latency p50 / p95 / p99', `${milliseconds(report.latencyMs)}  from sending to the answer`],
    ['', `${milliseconds(report.fromDueMs)}  from the planned moment`],
    ['hints taken', String(report.hints)],
    [
      'mastery gained',
      `${report.masteryGained >= 0 ? '+' : ''}${report.masteryGained.toFixed(3)} of probability a skill`,
    ],
    ['help offered', `${interventions.offered}: ${interventions.accepted} taken, ${interventions.dismissed} dismissed`],
    [
      'drawings handed in',
      `${report.submissions}: ${report.scoresHeard} scores heard, ${report.awaitReview} waiting for the teacher`,
    ],
    ['reviews', `${report.reviews}, of which the learners heard ${report.reviewsHeard}`],
    ['reconnects', String(report.reconnects)],
    ['errors', codes.length === 0 ? '0' : codes.join(', ')],
  ];
  return rows.map(([name, value]) => `  ${name.padEnd(24)}  ${value}`).join('\n');
}

function milliseconds({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map((value) => `${value.toFixed(1)} ms`).join(' / ');
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
