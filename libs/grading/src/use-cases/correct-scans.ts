import { fail, isFailure, refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import type { CleanPicture } from '#libs/learning';
import { scansChanged } from '../model/events.js';
import type { ScanPage, ScanPageKind, ScanTurn } from '../model/scan-batch.js';
import { scanLimits } from '../policy/scan-limits.js';
import { proposeMatches, type MatchingRequest } from './propose-matches.js';
import { findTaughtScans, refuseOutsiders, type ScanDependencies, type TaughtScans } from './scan-dependencies.js';

/** What is other about a page than it was thought to be; what is left out stays. */
export interface PageCorrection {
  readonly pageId: string;
  /** Whose it is; null: nobody's, or it is not known. */
  readonly learnerId?: string | null | undefined;
  readonly kind?: ScanPageKind | undefined;
  /** Among the pages of the scans; those of one position stand as they came. */
  readonly position?: number | undefined;
  /** Degrees clockwise from how it came. */
  readonly turn?: ScanTurn | undefined;
}

/** A picture that was turned, and where it lies. */
type TurnedPicture = Omit<CleanPicture, 'bytes'> &
  Pick<ScanPage, 'sha256' | 'looks' | 'turn'> & { readonly bytes: number };

/** What teachers do with scans before they are published. Doing the same again is harmless. */
export class CorrectScans {
  constructor(private readonly deps: ScanDependencies) {}

  /** Corrects pages, all of them or none. What is published stays as it is until it is withdrawn. */
  async execute(
    actor: Actor,
    { batchId, corrections }: { readonly batchId: string; readonly corrections: readonly PageCorrection[] },
  ): Promise<TaughtScans | Failure> {
    const turned = await this.turnPictures(actor, batchId, corrections);
    if (isFailure(turned)) return turned;
    return this.change(actor, batchId, async ({ batch, assignment }, pages, published) => {
      const members = await this.deps.roster.listClass(assignment.courseId, scanLimits.learners);
      const learners = new Set(members.map(({ learnerId }) => learnerId));
      const issues = corrections.flatMap((correction, index) =>
        issuesOf(correction, `corrections.${index}`, { pages, learners }),
      );
      if (issues.length > 0) return refuseInput(issues);
      const next = corrections.map((correction) => corrected(pages.get(correction.pageId)!, correction, turned));
      const touched = next.filter(({ id, learnerId }) => {
        const before = pages.get(id)!.learnerId;
        return [before, learnerId].some((each) => each !== null && published.has(each));
      });
      if (touched.length > 0) {
        return fail('WRONG_STATE', 'The work of one of these learners is published. Withdraw it first.');
      }
      await this.deps.scans.updatePages(next);
      await this.note(actor, 'scans.corrected', assignment.id, { batchId, pages: next.length });
      return batch;
    });
  }

  /** Has whose the pages are proposed anew, but for those that are published; corrections before it are forgotten. */
  async match(
    actor: Actor,
    { batchId, ...request }: MatchingRequest & { readonly batchId: string },
  ): Promise<TaughtScans | Failure> {
    return this.change(actor, batchId, async ({ batch, assignment }, pages, published) => {
      const refused = await refuseOutsiders(this.deps.roster, assignment.courseId, request.learnerIds ?? []);
      if (refused !== null) return refused;
      const open = [...pages.values()].filter(({ learnerId }) => learnerId === null || !published.has(learnerId));
      const learnerIds = request.learnerIds?.filter((id) => !published.has(id)) ?? null;
      const proposed = await proposeMatches(this.deps, assignment, open, { ...request, learnerIds });
      // A published learner has her pages: the others are not hers as well.
      const next = proposed.map((page) =>
        page.learnerId !== null && published.has(page.learnerId) ? { ...page, learnerId: null } : page,
      );
      await this.deps.scans.updatePages(next);
      const { matchBy, pagesPerLearner } = request;
      await this.deps.scans.updateBatch(batchId, { matchBy, pagesPerLearner });
      await this.note(actor, 'scans.matched', assignment.id, { batchId, matchBy, pagesPerLearner });
      return { ...batch, matchBy, pagesPerLearner };
    });
  }

  /** Holds scans, so that nothing of them is published, or lets them go. */
  async hold(
    actor: Actor,
    { batchId, isHeld, reason }: { readonly batchId: string; readonly isHeld: boolean; readonly reason: string | null },
  ): Promise<TaughtScans | Failure> {
    return withEvents(this.deps, actor, async (news) => {
      const found = await findTaughtScans(this.deps, actor, batchId, 'lock');
      if (isFailure(found)) return found;
      const { batch, assignment } = found;
      if (batch.state === 'failed') return notReady;
      if ((batch.heldAt !== null) === isHeld) return found;
      const change = { heldAt: isHeld ? new Date(this.deps.clock.now()) : null, holdReason: isHeld ? reason : null };
      await this.deps.scans.updateBatch(batchId, change);
      await this.note(actor, isHeld ? 'scans.held' : 'scans.let-go', assignment.id, { batchId, reason });
      const next = { ...batch, ...change };
      news.push(scansChanged(assignment.courseId, next));
      return { batch: next, assignment };
    });
  }

  /** Runs a change of scans that are ready, under their lock. */
  private change(
    actor: Actor,
    batchId: string,
    work: (
      found: TaughtScans,
      pages: ReadonlyMap<string, ScanPage>,
      published: ReadonlySet<string>,
    ) => Promise<TaughtScans['batch'] | Failure>,
  ): Promise<TaughtScans | Failure> {
    const { unitOfWork, scans } = this.deps;
    return unitOfWork.run(actor, async () => {
      const found = await findTaughtScans(this.deps, actor, batchId, 'lock');
      if (isFailure(found)) return found;
      if (found.batch.state !== 'ready') return notReady;
      const pages = (await scans.listPages([batchId])).get(batchId) ?? [];
      const works = (await scans.listWorks([batchId])).get(batchId) ?? [];
      const published = works.filter(({ withdrawnBy }) => withdrawnBy === null).map(({ learnerId }) => learnerId);
      const batch = await work(found, new Map(pages.map((page) => [page.id, page])), new Set(published));
      return isFailure(batch) ? batch : { batch, assignment: found.assignment };
    });
  }

  /** Turns the pictures of pages while nothing is open in the database; what was turned before is not turned again. */
  private async turnPictures(
    actor: Actor,
    batchId: string,
    corrections: readonly PageCorrection[],
  ): Promise<ReadonlyMap<string, TurnedPicture> | Failure> {
    const { unitOfWork, scans, store, pageReader, looks } = this.deps;
    const turned = new Map<string, TurnedPicture>();
    const wanted = corrections.filter(({ turn }) => turn !== undefined);
    if (wanted.length === 0) return turned;
    const pages = await unitOfWork.run(actor, async () => {
      const found = await findTaughtScans(this.deps, actor, batchId, 'read');
      return isFailure(found) ? found : ((await scans.listPages([batchId])).get(batchId) ?? []);
    });
    if (isFailure(pages)) return pages;
    for (const { pageId, turn } of wanted) {
      const page = pages.find(({ id }) => id === pageId);
      if (page === undefined || turn === undefined || page.turn === turn) continue;
      const came = await store.get(actor.institutionId, page.cameSha256);
      if (came === null) return fail('NOT_FOUND', 'The picture of a page is not on this server.');
      const { bytes, ...picture } = await pageReader.turn(came, turn);
      const sha256 = await store.put(actor.institutionId, bytes);
      if (isFailure(sha256)) return sha256;
      turned.set(pageId, { ...picture, sha256, turn, bytes: bytes.length, looks: await looks.looksOf(bytes) });
    }
    return turned;
  }

  private async note(actor: Actor, action: string, assignmentId: string, details: object): Promise<void> {
    await this.deps.audit.record(actor, {
      action,
      objectKind: 'assignment',
      objectId: assignmentId,
      details: { ...details },
    });
  }
}

const notReady = fail('WRONG_STATE', 'These scans are not read yet, or could not be read.');

function issuesOf(
  { pageId, learnerId, kind }: PageCorrection,
  place: string,
  { pages, learners }: { readonly pages: ReadonlyMap<string, ScanPage>; readonly learners: ReadonlySet<string> },
): FailureIssue[] {
  const page = pages.get(pageId);
  if (page === undefined) return [{ path: `${place}.pageId`, message: 'is no page of these scans' }];
  if (learnerId === undefined || learnerId === null) return [];
  if (!learners.has(learnerId)) return [{ path: `${place}.learnerId`, message: 'is no learner of the course' }];
  const isWork = (kind ?? page.kind) === 'work';
  return isWork ? [] : [{ path: `${place}.learnerId`, message: 'must be null: only work is somebody’s' }];
}

function corrected(
  page: ScanPage,
  { learnerId, kind = page.kind, position = page.position }: PageCorrection,
  turned: ReadonlyMap<string, TurnedPicture>,
): ScanPage {
  const whose = learnerId === undefined ? page.learnerId : learnerId;
  return { ...page, ...turned.get(page.id), kind, position, learnerId: kind === 'work' ? whose : null };
}
