import { fail, isFailure, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { FileStore } from '../files.ports.js';
import type { ScanBatch, ScanDecision, ScanPage, ScanWork } from '../model/scan-batch.js';
import type { Assignment } from '../ports.js';
import { scanLimits } from '../policy/scan-limits.js';
import type { ClassMember, ClassRoster, ScanRepository } from '../scans.ports.js';
import type { AssignmentView } from './read-assignments.js';
import type { GradingDependencies } from './dependencies.js';
import { findTaughtScans } from './scan-dependencies.js';

export interface ReadScansDependencies extends Pick<GradingDependencies, 'unitOfWork' | 'access' | 'assignments'> {
  readonly scans: ScanRepository;
  readonly roster: ClassRoster;
  readonly store: FileStore;
}

/** Work of scans, with the decisions that it rests on. */
export interface DecidedWork {
  readonly work: ScanWork;
  readonly published: ScanDecision;
  /** Null while it stands. */
  readonly withdrawn: ScanDecision | null;
}

/** What teachers see of the scans of their classes. */
export class ReadScans {
  constructor(private readonly deps: ReadScansDependencies) {}

  async one(actor: Actor, id: string): Promise<ScanBatch | Failure> {
    return this.deps.unitOfWork.read(actor, async () => {
      const found = await findTaughtScans(this.deps, actor, id, 'read');
      return isFailure(found) ? found : found.batch;
    });
  }

  /** Pages of the scans of assignments that were read before, newest first; for their teachers only. */
  async ofAssignments(
    actor: Actor,
    views: readonly AssignmentView[],
    page: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<AssignmentView, Page<ScanBatch>>> {
    const taught = views.filter(({ seenAs }) => seenAs === 'teacher');
    const ids = [...new Set(taught.map(({ id }: Assignment) => id))];
    const found = await this.deps.unitOfWork.read(actor, () => this.deps.scans.listBatches(ids, page));
    return new Map(taught.map((view) => [view, found.get(view.id) ?? { items: [], hasMore: false }]));
  }

  /** All pages of scans that were read before, in order. */
  async pagesOf(actor: Actor, batches: readonly ScanBatch[]): Promise<ReadonlyMap<ScanBatch, readonly ScanPage[]>> {
    const ids = [...new Set(batches.map(({ id }) => id))];
    const found = await this.deps.unitOfWork.read(actor, () => this.deps.scans.listPages(ids));
    return new Map(batches.map((batch) => [batch, found.get(batch.id) ?? []]));
  }

  /** The learners who have no page in scans that were read before: absent, or not found yet. */
  async withoutPageIn(
    actor: Actor,
    batches: readonly ScanBatch[],
  ): Promise<ReadonlyMap<ScanBatch, readonly ClassMember[]>> {
    const { unitOfWork, assignments, scans, roster } = this.deps;
    return unitOfWork.read(actor, async () => {
      const found = await assignments.findAssignments([...new Set(batches.map(({ assignmentId }) => assignmentId))]);
      const courseOf = new Map(found.map(({ id, courseId }) => [id, courseId]));
      const classes = new Map<string, readonly ClassMember[]>();
      for (const courseId of new Set(courseOf.values())) {
        classes.set(courseId, await roster.listClass(courseId, scanLimits.learners));
      }
      const pages = await scans.listPages(batches.map(({ id }) => id));
      const without = ({ id, assignmentId }: ScanBatch): readonly ClassMember[] => {
        const present = new Set(pages.get(id)?.map(({ learnerId }) => learnerId));
        return (classes.get(courseOf.get(assignmentId)!) ?? []).filter(({ learnerId }) => !present.has(learnerId));
      };
      return new Map(batches.map((batch) => [batch, without(batch)]));
    });
  }

  /** The works of scans that were read before, withdrawn ones too, the earliest first. */
  async worksOf(actor: Actor, batches: readonly ScanBatch[]): Promise<ReadonlyMap<ScanBatch, readonly DecidedWork[]>> {
    const { unitOfWork, scans } = this.deps;
    const ids = [...new Set(batches.map(({ id }) => id))];
    return unitOfWork.read(actor, async () => {
      const [works, decisions] = [await scans.listWorks(ids), await scans.listDecisions(ids)];
      const byId = new Map([...decisions.values()].flat().map((decision) => [decision.id, decision]));
      const decided = (work: ScanWork): DecidedWork => ({
        work,
        published: byId.get(work.publishedBy)!,
        withdrawn: work.withdrawnBy === null ? null : byId.get(work.withdrawnBy)!,
      });
      const inTime = (a: DecidedWork, b: DecidedWork): number => +a.published.decidedAt - +b.published.decidedAt;
      return new Map(batches.map((batch) => [batch, (works.get(batch.id) ?? []).map(decided).toSorted(inTime)]));
    });
  }

  /** A page, for the teachers of its course. */
  async page(actor: Actor, id: string): Promise<ScanPage | Failure> {
    return this.deps.unitOfWork.read(actor, async () => {
      const page = await this.deps.scans.findPage(id);
      const found = page && (await findTaughtScans(this.deps, actor, page.batchId, 'read'));
      return page === null || isFailure(found) ? fail('NOT_FOUND', 'There is no such page for you.') : page;
    });
  }

  /** The picture of a page that was read before. */
  async bytesOf({ institutionId }: Actor, { sha256 }: ScanPage): Promise<Uint8Array | Failure> {
    const bytes = await this.deps.store.get(institutionId, sha256);
    return bytes ?? fail('NOT_FOUND', 'The picture is not on this server: its folder was emptied, or is not shared.');
  }
}
