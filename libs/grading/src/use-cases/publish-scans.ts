import { fail, FailureError, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { submissionWithdrawn } from '../model/events.js';
import { inOrder, type ScanDecisionKind, type ScanPage, type ScanWork } from '../model/scan-batch.js';
import {
  findTaughtScans,
  refuseOutsiders,
  whyNoScans,
  type ScanDependencies,
  type TaughtScans,
} from './scan-dependencies.js';
import type { SubmitWork } from './submit-work.js';

/** Whose works of scans are handed in, or withdrawn. */
export interface ScanDecisionInput {
  /** Made by the client: the id of the decision. A resend must be identical. */
  readonly id: string;
  readonly batchId: string;
  /** Null for all: whose pages are matched and not published, or whose work stands. */
  readonly learnerIds: readonly string[] | null;
  /** To withdraw works it takes one, which the learners read. */
  readonly reason: string | null;
}

/** What became of the work of one learner. */
export interface ScanOutcome {
  readonly learnerId: string;
  readonly submissionId: string | null;
  /** True when this decision had done it before: nothing changed now. */
  readonly resent: boolean;
  readonly failure: Failure | null;
}

export interface PublishScansDependencies extends ScanDependencies {
  readonly submit: SubmitWork;
}

type OneWork = { readonly submissionId: string; readonly resent: boolean };

/**
 * Hands the works of scans in for their learners, by the same way as their own, and withdraws them; each as a decision of its own.
 * Each learner has an outcome and a transaction of her own, so that one that is refused keeps nobody from theirs, and the same sent
 * again goes on where it was cut off.
 */
export class PublishScans {
  constructor(private readonly deps: PublishScansDependencies) {}

  /** Hands works in. Refused where the scans are held. */
  async execute(actor: Actor, input: ScanDecisionInput): Promise<readonly ScanOutcome[] | Failure> {
    const learnerIds = await this.decide(actor, 'publish', input, async ({ batch, assignment }) => {
      if (batch.state !== 'ready') return fail('WRONG_STATE', 'These scans are not read yet, or could not be read.');
      if (batch.heldAt !== null) return fail('WRONG_STATE', 'These scans are held. Let them go first.');
      const refused = await refuseOutsiders(this.deps.roster, assignment.courseId, input.learnerIds ?? []);
      return refused ?? whyNoScans(this.deps.assignments, assignment);
    });
    if (isFailure(learnerIds)) return learnerIds;
    return this.each(learnerIds, (learnerId) => this.publish(actor, input, learnerId));
  }

  /** Withdraws works that were handed in: they stay on record, and count for nothing. */
  async withdraw(
    actor: Actor,
    input: ScanDecisionInput & { readonly reason: string },
  ): Promise<readonly ScanOutcome[] | Failure> {
    const learnerIds = await this.decide(actor, 'withdraw', input, async () => {
      const works = (await this.deps.scans.listWorks([input.batchId])).get(input.batchId) ?? [];
      const known = new Set(works.map(({ learnerId }) => learnerId));
      const isHere = (input.learnerIds ?? []).every((id) => known.has(id));
      return isHere ? null : fail('NOT_FOUND', 'No work of one of these learners was handed in from these scans.');
    });
    if (isFailure(learnerIds)) return learnerIds;
    return this.each(learnerIds, (learnerId) => this.takeBack(actor, input, learnerId));
  }

  private async each(
    learnerIds: readonly string[],
    work: (learnerId: string) => Promise<OneWork | Failure>,
  ): Promise<readonly ScanOutcome[]> {
    const outcomes: ScanOutcome[] = [];
    for (const learnerId of learnerIds) {
      const outcome = await work(learnerId);
      outcomes.push(
        isFailure(outcome)
          ? { learnerId, submissionId: null, resent: false, failure: outcome }
          : { learnerId, ...outcome, failure: null },
      );
    }
    return outcomes;
  }

  /** Keeps the decision, once; gives whom it is about. */
  private decide(
    actor: Actor,
    kind: ScanDecisionKind,
    input: ScanDecisionInput,
    check: (found: TaughtScans) => Promise<Failure | null>,
  ): Promise<readonly string[] | Failure> {
    const { unitOfWork, scans, audit, clock } = this.deps;
    const { id, batchId, reason } = input;
    const body = { kind, ...input };
    return unitOfWork.run(actor, async () => {
      const found = await findTaughtScans(this.deps, actor, batchId, 'lock');
      if (isFailure(found)) return found;
      const earlier = await scans.findEarlierDecision(id, body);
      if (earlier !== null && !earlier.sameBody) return fail('ID_REUSED');
      const refused = earlier === null ? await check(found) : null;
      if (refused !== null) return refused;
      if (earlier === null) {
        const decidedAt = new Date(clock.now());
        const decision = { id, batchId, kind, reason, pseudonym: actor.pseudonym, decidedAt };
        if (!(await scans.insertDecision(decision, body))) return fail('ID_REUSED');
        await audit.record(actor, {
          action: kind === 'publish' ? 'scans.published' : 'scans.withdrawn',
          objectKind: 'assignment',
          objectId: found.assignment.id,
          details: { batchId, decisionId: id, reason },
        });
      }
      return input.learnerIds ?? (await this.everybody(kind, input));
    });
  }

  /** Whom a decision about all is about: also those whom it has dealt with, where it is sent again. */
  private async everybody(kind: ScanDecisionKind, { id, batchId }: ScanDecisionInput): Promise<readonly string[]> {
    const works = (await this.deps.scans.listWorks([batchId])).get(batchId) ?? [];
    const decided = works.filter(({ publishedBy, withdrawnBy }) => [publishedBy, withdrawnBy].includes(id));
    const standing = works.filter(isStanding).map(({ learnerId }) => learnerId);
    if (kind === 'withdraw') return [...new Set([...decided.map(({ learnerId }) => learnerId), ...standing])];
    const pages = (await this.deps.scans.listPages([batchId])).get(batchId) ?? [];
    const matched = pages.flatMap(({ learnerId }) => learnerId ?? []).filter((each) => !standing.includes(each));
    return [...new Set([...decided.map(({ learnerId }) => learnerId), ...matched])];
  }

  private publish(actor: Actor, { id, batchId }: ScanDecisionInput, learnerId: string): Promise<OneWork | Failure> {
    const { scans, files, submit, audit, ids, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const found = await this.lock(actor, batchId);
      if (isFailure(found)) return found;
      const { batch, assignment, works } = found;
      const done = works.find((work) => work.publishedBy === id && work.learnerId === learnerId);
      if (done !== undefined) return { submissionId: done.submissionId, resent: true };
      if (works.some((work) => isStanding(work) && work.learnerId === learnerId)) {
        return fail('WRONG_STATE', 'Her work of these scans is published. Withdraw it first.');
      }
      const pages = await this.pagesOf(batchId, learnerId);
      const [page, another] = pages;
      if (page === undefined) return fail('NOT_FOUND', 'No page of these scans is hers.');
      if (another !== undefined) return oneOnly;
      const fileId = ids.next();
      const { sha256, mediaType, bytes, width, height, looks } = page;
      const file = { id: fileId, ownerId: learnerId, sha256, mediaType, bytes, width, height };
      await files.insertFile(file, null, looks, new Date(clock.now()));
      const submissionId = ids.next();
      const at = batch.createdAt.getTime();
      const work = { id: submissionId, assignmentId: assignment.id, marks: [], fileId, at };
      const taken = await submit.takeForLearner(actor, learnerId, assignment, work);
      if (isFailure(taken)) throw new FailureError(taken);
      await scans.insertWork({ submissionId, batchId, learnerId, publishedBy: id, withdrawnBy: null });
      const details = { batchId, decisionId: id };
      await audit.record(actor, {
        action: 'submission.handed-in-for-learner',
        objectKind: 'submission',
        objectId: submissionId,
        details,
      });
      news.push(...taken);
      return { submissionId, resent: false };
    }).catch(refusalIn);
  }

  private takeBack(
    actor: Actor,
    { id, batchId, reason }: ScanDecisionInput & { readonly reason: string },
    learnerId: string,
  ): Promise<OneWork | Failure> {
    const { scans, submissions, audit } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const found = await this.lock(actor, batchId);
      if (isFailure(found)) return found;
      const hers = found.works.filter((work) => work.learnerId === learnerId);
      const done = hers.find(({ withdrawnBy }) => withdrawnBy === id);
      if (done !== undefined) return { submissionId: done.submissionId, resent: true };
      const work = hers.find(isStanding);
      if (work === undefined) return fail('NOT_FOUND', 'No work of hers from these scans stands.');
      const { submissionId } = work;
      const submission = await submissions.lockSubmission(submissionId);
      if (submission === null) return fail('NOT_FOUND', 'The work is gone.');
      await submissions.setState(submissionId, 'withdrawn', { failure: null, failureDetail: reason });
      await scans.markWithdrawn(submissionId, id);
      const details = { batchId, decisionId: id, before: submission.state, reason };
      await audit.record(actor, {
        action: 'submission.withdrawn',
        objectKind: 'submission',
        objectId: submissionId,
        details,
      });
      news.push(...submissionWithdrawn(submission, reason));
      return { submissionId, resent: false };
    });
  }

  private async lock(
    actor: Actor,
    batchId: string,
  ): Promise<(TaughtScans & { readonly works: readonly ScanWork[] }) | Failure> {
    const found = await findTaughtScans(this.deps, actor, batchId, 'lock');
    if (isFailure(found)) return found;
    return { ...found, works: (await this.deps.scans.listWorks([batchId])).get(batchId) ?? [] };
  }

  private async pagesOf(batchId: string, learnerId: string): Promise<readonly ScanPage[]> {
    const pages = (await this.deps.scans.listPages([batchId])).get(batchId) ?? [];
    return inOrder(pages.filter((page) => page.kind === 'work' && page.learnerId === learnerId));
  }
}

/** What undid the transaction in the middle of handing in, as the outcome that it is. */
function refusalIn(error: unknown): Failure {
  if (error instanceof FailureError) return error.failure;
  throw error;
}

function isStanding({ withdrawnBy }: ScanWork): boolean {
  return withdrawnBy === null;
}

const oneOnly = fail('WRONG_STATE', 'More than one page is hers, and one work has one page. Choose which one it is.');
