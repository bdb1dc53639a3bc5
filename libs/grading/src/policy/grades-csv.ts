import type { Score, SettledCriterion, Submission } from '../ports.js';

/** What stands in one cell. */
export type Cell = string | number | boolean | Date | null;

/** By this a spreadsheet knows that the text is UTF-8. */
export const byteOrderMark = '\uFEFF';

/**
 * One line of CSV (RFC 4180, ended by CR LF). A text that a spreadsheet would take for a formula gets an apostrophe before it,
 * which the spreadsheet does not show (OWASP, "CSV Injection").
 */
export function toCsvLine(cells: readonly Cell[]): string {
  return `${cells.map(toCell).join(',')}\r\n`;
}

function toCell(cell: Cell): string {
  if (cell === null) return '';
  if (cell instanceof Date) return cell.toISOString();
  if (typeof cell !== 'string') return String(cell);
  const harmless = isFormula(cell) ? `'${cell}` : cell;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Whether a spreadsheet might run it: by its first sign that is no blank, wide forms included, or by a leading control. */
function isFormula(text: string): boolean {
  return /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/u.test(text);
}

/** A work as it is written out. */
export interface WorkToExport {
  readonly submission: Submission;
  /** Whose it is, or an alias. */
  readonly learner: { readonly id: string; readonly name: string | null };
  /** The score that stands. */
  readonly score: Score | null;
}

/** The names of the columns. */
export const gradeColumns = [
  'learner_id',
  'learner',
  'submission_id',
  'received_at',
  'state',
  'total',
  'maximum',
  'confidence',
  'source',
  'reason',
  'flags',
  'scored_at',
  'score_id',
  'activity_version',
  'grader',
  'grader_version',
  'model_id',
  'criterion_id',
  'criterion',
  'points',
  'awarded',
  'criterion_confidence',
  'error',
  'overridden',
  'marks',
  'regions',
  'comments',
] as const;

/** The lines of one work: one for each criterion, with what it rests on; one without where there is no score. */
export function gradeLines({ submission, learner, score }: WorkToExport): string {
  const work = [learner.id, learner.name, submission.id, submission.receivedAt, submission.state];
  if (score === null) return toCsvLine([...work, ...gradeColumns.slice(work.length).map(() => null)]);
  const { grader } = score;
  const judgement = [
    score.total,
    score.maximum,
    score.confidence,
    score.source,
    score.reason,
    score.flags.join(' '),
    score.scoredAt,
    score.id,
    score.activityVersion,
    grader.name,
    grader.version,
    grader.modelId,
  ];
  return score.criteria.map((criterion) => toCsvLine([...work, ...judgement, ...cellsOf(criterion, score)])).join('');
}

function cellsOf(criterion: SettledCriterion, { comments }: Score): Cell[] {
  const { criterionId, label, points, awarded, confidence, error, overridden, evidence } = criterion;
  const said = comments.filter((comment) => comment.criterionId === criterionId || comment.criterionId === null);
  return [
    criterionId,
    label,
    points,
    awarded,
    confidence,
    error,
    overridden,
    evidence.markIds.join(' '),
    JSON.stringify(evidence.regions),
    said.map(({ text }) => text).join('\n'),
  ];
}
