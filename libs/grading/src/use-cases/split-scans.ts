import { fail, FailureError, isFailure, type Failure, type FailureCode, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { scansChanged } from '../model/events.js';
import { isRead, type ScanBatch, type ScanFormat, type ScanMatching, type ScanPage } from '../model/scan-batch.js';
import { lookedAtPages, withRefusal } from '../policy/scan-files.js';
import { scanLimits } from '../policy/scan-limits.js';
import type { OpenScans } from '../scans.ports.js';
import { proposeMatches } from './propose-matches.js';
import type { ScanDependencies } from './scan-dependencies.js';

/** What goes over by itself: the job is tried again, and the page is not to blame. */
const passing: readonly FailureCode[] = ['BUSY', 'UNAVAILABLE'];

/** How many pages are read before teachers are told how far it is. */
const toldEach = 10;

const defaultMatching: Readonly<Record<ScanFormat, ScanMatching>> = { zip: 'names', pdf: 'order' };

/** A page whose picture is cleaned and stored, before it has its place in the scans. */
type StoredPage = Omit<ScanPage, 'id' | 'batchId' | 'number' | 'path' | 'position'>;

/**
 * Splits the scans of a class into pages, one by one, and proposes whose they are. Each page is stored and counted in one unit of
 * work, so that a worker that comes after a crash goes on with the next. After a while it hands on to a new job: none is long,
 * and others get their turn. The system alone does this.
 */
export class SplitScans {
  constructor(private readonly deps: ScanDependencies) {}

  async execute(actor: Actor, id: string): Promise<ScanBatch | Failure> {
    if (actor.kind !== 'system') return systemOnly;
    const { unitOfWork, scans, scanStore } = this.deps;
    const present = await unitOfWork.run(actor, () => scans.findBatch(id));
    if (present === null) return gone;
    const outcome = isRead(present) ? present : await this.read(actor, present);
    if (!isFailure(outcome) && isRead(outcome)) await scanStore.remove(actor.institutionId, outcome);
    return outcome;
  }

  /** For a job that nobody could finish: the scans fail, if they are still being read. */
  async giveUp(actor: Actor, id: string): Promise<ScanBatch | Failure> {
    if (actor.kind !== 'system') return systemOnly;
    const failed = await this.end(actor, id, fail('INTERNAL', 'They could not be read. Upload them under a new id.'));
    if (!isFailure(failed)) await this.deps.scanStore.remove(actor.institutionId, failed);
    return failed;
  }

  private async read(actor: Actor, batch: ScanBatch): Promise<ScanBatch | Failure> {
    const opened = await this.deps.scanStore.open(actor.institutionId, batch);
    if (isFailure(opened)) {
      if (passing.includes(opened.code)) throw new FailureError(opened);
      return this.end(actor, batch.id, opened);
    }
    try {
      return await this.go(actor, batch.id, opened);
    } finally {
      await opened.close();
    }
  }

  private async go(actor: Actor, id: string, opened: OpenScans): Promise<ScanBatch | Failure> {
    const { unitOfWork, scanQueue, clock } = this.deps;
    const handsOnAt = clock.now() + scanLimits.turn;
    let present = await this.begin(actor, id, opened);
    while (present !== null && present.state === 'reading') {
      if (lookedAtPages(present) >= present.found!) return this.end(actor, id, null);
      if (present.refused >= scanLimits.refused) return this.end(actor, id, tooManyRefused);
      if (clock.now() >= handsOnAt) {
        await unitOfWork.run(actor, () => scanQueue.enqueueScans(id));
        return present;
      }
      present = await this.take(actor, present, opened);
    }
    return present ?? gone;
  }

  private begin(actor: Actor, id: string, { format, pages }: OpenScans): Promise<ScanBatch | null> {
    return this.change(actor, id, async (present) => {
      if (present.state !== 'waiting') return present;
      const found = typeof pages === 'number' ? pages : pages.length;
      const matchBy = present.matchBy ?? defaultMatching[format];
      return this.update(present, { state: 'reading', format, matchBy, found });
    });
  }

  /** Takes one page, unless somebody else did it meanwhile: a worker that paused may have been taken for dead. */
  private async take(actor: Actor, before: ScanBatch, { pages, picture }: OpenScans): Promise<ScanBatch | null> {
    const index = lookedAtPages(before);
    const number = index + 1;
    const path = typeof pages === 'number' ? null : pages[index]!.path;
    const drawn = await picture(index);
    const page = isFailure(drawn) ? drawn : await this.store(actor, drawn);
    if (isFailure(page) && passing.includes(page.code)) throw new FailureError(page);
    return this.change(actor, before.id, async (present) => {
      if (present.state !== 'reading' || lookedAtPages(present) !== index) return present;
      if (isFailure(page)) return this.update(present, withRefusal(present, path ?? `page ${number}`, page));
      const id = this.deps.ids.next();
      await this.deps.scans.insertPage({ ...page, id, batchId: present.id, number, path, position: number });
      return this.update(present, { taken: present.taken + 1 });
    });
  }

  /** Cleans the picture of a page, looks at it, and puts it where files lie. */
  private async store({ institutionId }: Actor, drawn: Uint8Array): Promise<StoredPage | Failure> {
    const { cleaner, looks, pageReader, store } = this.deps;
    const clean = await cleaner.clean(drawn);
    if (isFailure(clean)) return clean;
    const { bytes, mediaType, width, height } = clean;
    const { isBlank, code } = await pageReader.glance(bytes);
    const sha256 = await store.put(institutionId, bytes);
    if (isFailure(sha256)) return sha256;
    return {
      sha256,
      cameSha256: sha256,
      mediaType,
      bytes: bytes.length,
      width,
      height,
      looks: await looks.looksOf(bytes),
      kind: isBlank ? 'blank' : 'work',
      turn: 0,
      code,
      proposed: null,
      learnerId: null,
    };
  }

  /** With a failure all of it has failed; without one, whose the pages are is proposed. What has ended before stays as it is. */
  private async end(actor: Actor, id: string, failure: Failure | null): Promise<ScanBatch | Failure> {
    const { scans, assignments, audit, clock } = this.deps;
    const ended = await this.change(actor, id, async (present) => {
      if (isRead(present)) return present;
      const refusal = failure ?? (present.taken === 0 ? nothingTaken : null);
      const why = refusal && { code: refusal.code, message: refusal.message };
      const state = refusal === null ? 'ready' : 'failed';
      if (state === 'ready') {
        const assignment = (await assignments.findAssignment(present.assignmentId))!;
        const pages = (await scans.listPages([id])).get(id) ?? [];
        const plan = { matchBy: present.matchBy!, pagesPerLearner: present.pagesPerLearner, learnerIds: null };
        await scans.updatePages(await proposeMatches(this.deps, assignment, pages, plan));
      }
      const next = await this.update(present, { state, failure: why, endedAt: new Date(clock.now()) });
      await audit.record(actor, {
        action: 'scans.read',
        objectKind: 'assignment',
        objectId: present.assignmentId,
        details: { batchId: id, state, pages: present.taken, refused: present.refused },
      });
      return next;
    });
    return ended ?? gone;
  }

  private async update(present: ScanBatch, change: Partial<ScanBatch>): Promise<ScanBatch> {
    await this.deps.scans.updateBatch(present.id, change);
    return { ...present, ...change };
  }

  /** Changes scans under their lock; the teachers hear of another state, and after some pages. */
  private change(
    actor: Actor,
    id: string,
    work: (present: ScanBatch) => Promise<ScanBatch>,
  ): Promise<ScanBatch | null> {
    const { scans, assignments } = this.deps;
    return withEvents(this.deps, actor, async (news: NewEvent[]) => {
      const present = await scans.lockBatch(id);
      const assignment = present && (await assignments.findAssignment(present.assignmentId));
      if (present === null || assignment === null) return null;
      const next = await work(present);
      const isFurther = lookedAtPages(next) > lookedAtPages(present) && lookedAtPages(next) % toldEach === 0;
      if (next.state !== present.state || isFurther) news.push(scansChanged(assignment.courseId, next));
      return next;
    });
  }
}

const gone = fail('NOT_FOUND', 'There are no such scans any more.');
const systemOnly = fail('FORBIDDEN', 'Scans are read by the system.');
const nothingTaken = fail('INVALID_INPUT', 'There is no page that can be read.');
const tooManyRefused = fail('INVALID_INPUT', `More than ${scanLimits.refused} pages cannot be read.`);
