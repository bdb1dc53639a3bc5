import { seededRng } from '#libs/kernel';
import { binomialTail } from '#libs/models';
import { lowerBound, trialsFor, upperBound } from './clopper-pearson.js';
import { calibrate, type Calibration } from './isotonic.js';

/** One decision of a teacher on one criterion of an automatic score that she had to look at. */
export interface CriterionAudit {
  readonly submissionId: string;
  /** As the grader gave it. */
  readonly confidence: number;
  /** Whether she awarded the very points that the program did. */
  readonly agrees: boolean;
  readonly decidedAt: Date;
}

/** How much a program may release by itself; docs/decisions/0026 says where these come from. */
export const certificationNumbers = {
  /** Share of wrong decisions above the threshold of which it has to be sure that there are no more. */
  mostErrors: 0.02,
  /** One-sided: a bound of 95 %. */
  doubt: 0.05,
  /** Share of the works whose audits give the bound; those of the others give calibration and threshold. */
  boundShare: 2 / 3,
  /** Works that the bound rests on at least: the parts of one drawing are judged by one hand, and not independent. */
  leastWorks: 30,
  /** The last audits above the threshold, in which errors must not surely be more than allowed. */
  window: 50,
  /** Share of what could be released that a teacher looks at all the same, for ever. */
  streamShare: 0.05,
  /** The last audits of a pool, which alone count. */
  history: 1_000,
} as const;

/**
 * provisional: too few audits to say anything. audited: enough, but not (or no longer) sure enough. auto-release: what is above
 * the threshold needs no teacher.
 */
export const certificationStates = ['provisional', 'audited', 'auto-release'] as const;
export type CertificationState = (typeof certificationStates)[number];

/** What the audits of a pool say of the grader's word. */
export interface Certification {
  readonly state: CertificationState;
  readonly audits: number;
  /** Audits in which the teacher awarded other points. */
  readonly errors: number;
  /** The confidence from which on it may be released; null where no audit could say. */
  readonly threshold: number | null;
  /** The audits from the threshold on that the bound rests on: none of them had a say in the threshold. */
  readonly bounded: { readonly audits: number; readonly works: number; readonly errors: number };
  /** The upper 95 % bound of the share of errors from the threshold on; 1 where there are no audits. */
  readonly bound: number;
  /** Share of the audits beside the threshold's own that are at or above it; null where there are none. */
  readonly coverage: number | null;
  /** Whether the last audits show surely more errors than allowed. */
  readonly hasDrifted: boolean;
  /** About how many more audits it takes if teachers agree in all of them; 0 in `auto-release`. */
  readonly auditsNeeded: number;
  readonly calibration: Calibration;
}

/** A number in [0, 1) that hangs on an id and a purpose only. */
function shareOf(purpose: string, id: string): number {
  return seededRng(`${purpose}:${id}`)();
}

/** Whether the audits of a work give the bound, rather than the threshold. Later audits move no work to the other part. */
export function givesBound(submissionId: string): boolean {
  return shareOf('bound', submissionId) < certificationNumbers.boundShare;
}

/**
 * Whether a score that could be released goes to a teacher all the same. It is drawn by the id of the score, which the server
 * makes at random: ids of submissions are made by learners, who could choose one that is not drawn.
 */
export function isDrawnForAudit(scoreId: string): boolean {
  return shareOf('audit', scoreId) < certificationNumbers.streamShare;
}

/**
 * Whether a program may release what it grades, from the audits of one pool: the threshold is chosen by the audits of the one
 * part, and the upper bound (Clopper–Pearson) of the share of errors from there on is that of the other part. Selective prediction with a guaranteed risk: Geifman & El-Yaniv, NeurIPS 2017.
 * A pure function of the audits: their order means nothing, and what they no longer show is no longer certified.
 */
export function certify(audits: readonly CriterionAudit[]): Certification {
  const [choosing, bounding] = [[] as CriterionAudit[], [] as CriterionAudit[]];
  for (const audit of audits) (givesBound(audit.submissionId) ? bounding : choosing).push(audit);
  const threshold = thresholdOf(choosing);
  const isAbove = ({ confidence }: CriterionAudit): boolean => threshold !== null && confidence >= threshold;
  const above = bounding.filter(isAbove);
  const works = new Set(above.map(({ submissionId }) => submissionId)).size;
  const bounded = { audits: above.length, works, errors: errorsIn(above) };
  const bound = upperBound(bounded.errors, bounded.audits, certificationNumbers.doubt);
  const coverage = bounding.length === 0 ? null : above.length / bounding.length;
  const recent = latest(audits.filter(isAbove));
  const hasDrifted = isDrift(recent);
  const { mostErrors, doubt, leastWorks } = certificationNumbers;
  const isCertified = bound <= mostErrors && works >= leastWorks && !hasDrifted;
  const isEnough = bounding.length >= trialsFor(0, mostErrors, doubt);
  return {
    state: isCertified ? 'auto-release' : isEnough ? 'audited' : 'provisional',
    audits: audits.length,
    errors: errorsIn(audits),
    threshold,
    bounded,
    bound,
    coverage,
    hasDrifted,
    auditsNeeded: isCertified ? 0 : Math.max(stillNeeded(bounded, coverage), untilDriftIsPast(recent)),
    calibration: calibrate(choosing),
  };
}

/**
 * The confidence from which on these audits are the least plausible, P(X ≤ errors), if the share of errors were the most that is
 * allowed; the lowest of several. It takes in what errs clearly less than allowed, and leaves out what would cost more
 * certainty than it adds. Null where there are no audits.
 */
function thresholdOf(audits: readonly CriterionAudit[]): number | null {
  const falling = audits.toSorted((a, b) => b.confidence - a.confidence);
  let [errors, least] = [0, Infinity];
  let threshold: number | null = null;
  for (const [index, { confidence, agrees }] of falling.entries()) {
    if (!agrees) errors += 1;
    // Equal confidences are taken or left together.
    if (falling[index + 1]?.confidence === confidence) continue;
    const plausible = binomialTail(errors, index + 1, certificationNumbers.mostErrors);
    if (plausible <= least) [least, threshold] = [plausible, confidence];
  }
  return threshold;
}

/** The last of them, oldest first. Of the same moment, errors count as later, so that the order in which they come means nothing. */
function latest(audits: readonly CriterionAudit[]): CriterionAudit[] {
  const rising = audits.toSorted(
    (a, b) => a.decidedAt.getTime() - b.decidedAt.getTime() || Number(b.agrees) - Number(a.agrees),
  );
  return rising.slice(-certificationNumbers.window);
}

function isDrift(recent: readonly CriterionAudit[]): boolean {
  const { window, mostErrors, doubt } = certificationNumbers;
  return recent.length >= window && lowerBound(errorsIn(recent), recent.length, doubt) > mostErrors;
}

/** How many audits of all it takes for enough of them to count for the bound, as many being above the threshold as now. */
function stillNeeded({ audits, works, errors }: Certification['bounded'], coverage: number | null): number {
  const { mostErrors, doubt, leastWorks, boundShare } = certificationNumbers;
  const missing = Math.max(trialsFor(errors, mostErrors, doubt) - audits, leastWorks - works, 0);
  return Math.ceil(missing / (boundShare * (coverage || 1)));
}

/** How many agreeing audits push so many errors out of the window that it is none of drift any more. */
function untilDriftIsPast(recent: readonly CriterionAudit[]): number {
  const agreeing = { ...recent[0]!, agrees: true };
  let audits = [...recent];
  let count = 0;
  while (isDrift(audits)) {
    audits = [...audits.slice(1), agreeing];
    count += 1;
  }
  return count;
}

function errorsIn(audits: readonly CriterionAudit[]): number {
  return audits.filter(({ agrees }) => !agrees).length;
}
