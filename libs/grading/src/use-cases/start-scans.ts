import { fail, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { scansChanged } from '../model/events.js';
import { isRead, type ScanBatch, type ScanMatching } from '../model/scan-batch.js';
import type { Assignment, EarlierRequest } from '../ports.js';
import { findTaughtAssignment, whyNoScans, type ScanDependencies } from './scan-dependencies.js';

/** Scans of a class as they came in; `id` is made by the caller. */
export interface ScanUpload {
  readonly id: string;
  readonly assignmentId: string;
  /** The zip or PDF on this machine; it is taken over where the upload is accepted. */
  readonly path: string;
  /** What was announced of it, in small hexadecimal digits; null where nothing was. */
  readonly sha256: string | null;
  /** Null leaves it to the format. */
  readonly matchBy: ScanMatching | null;
  /** 1 to {@link scanLimits.pagesPerLearner}. */
  readonly pagesPerLearner: number;
}

/** Takes the scans of a class in, and has a worker read them. */
export class StartScans {
  constructor(private readonly deps: ScanDependencies) {}

  /** Whether the actor may upload scans for an assignment: asked before the first byte is taken. */
  async mayUpload(actor: Actor, assignmentId: string): Promise<Failure | null> {
    const found = await this.deps.unitOfWork.run(actor, () => this.findAssignment(actor, assignmentId));
    return isFailure(found) ? found : null;
  }

  /**
   * The same id with the same bytes for the same assignment is the same upload, however far it is. Refused: NOT_FOUND, FORBIDDEN;
   * WRONG_STATE where the assignment takes no pictures, or is anonymous; INVALID_INPUT for another SHA-256 than was announced;
   * ID_REUSED; UNAVAILABLE where there is no room.
   */
  async execute(actor: Actor, { path, sha256, ...upload }: ScanUpload): Promise<ScanBatch | Failure> {
    const { unitOfWork, scans, scanStore, clock } = this.deps;
    const refused = await this.mayUpload(actor, upload.assignmentId);
    if (refused !== null) return refused;
    const measured = await scanStore.measure(path);
    if (sha256 !== null && sha256 !== measured.sha256) {
      return fail('INVALID_INPUT', 'What arrived has another SHA-256 than was announced. Send it again.');
    }
    const body = { ...upload, sha256: measured.sha256 };
    const earlier = await unitOfWork.run(actor, () => scans.findEarlierBatch(upload.id, body));
    if (earlier !== null) return again(earlier);
    const started: ScanBatch = {
      ...nothingYet,
      ...upload,
      ...measured,
      createdBy: actor.pseudonym,
      createdAt: new Date(clock.now()),
    };
    return (await scanStore.keep(actor.institutionId, started, path)) ?? this.register(actor, started, body);
  }

  private async register(actor: Actor, started: ScanBatch, body: object): Promise<ScanBatch | Failure> {
    const { unitOfWork, scans, scanQueue, scanStore, audit } = this.deps;
    const { id, assignmentId, sha256, bytes } = started;
    const registered = await withEvents(this.deps, actor, async (news) => {
      const assignment = await this.findAssignment(actor, assignmentId);
      if (isFailure(assignment)) return assignment;
      if (!(await scans.insertBatch(started, body))) return null;
      await scanQueue.enqueueScans(id);
      const details = { batchId: id, sha256, bytes };
      await audit.record(actor, {
        action: 'scans.uploaded',
        objectKind: 'assignment',
        objectId: assignmentId,
        details,
      });
      news.push(scansChanged(assignment.courseId, started));
      return started;
    });
    if (registered !== null && !isFailure(registered)) return registered;
    // Somebody was faster with this id, or the assignment is gone. What was kept here is hers, or nobody's.
    const earlier = await unitOfWork.run(actor, () => scans.findEarlierBatch(id, body));
    if (earlier?.record.sha256 !== sha256 || isRead(earlier.record)) {
      await scanStore.remove(actor.institutionId, started);
    }
    if (registered !== null) return registered;
    return earlier === null ? fail('ID_REUSED') : again(earlier);
  }

  private async findAssignment(actor: Actor, id: string): Promise<Assignment | Failure> {
    const assignment = await findTaughtAssignment(this.deps, actor, id);
    return isFailure(assignment) ? assignment : ((await whyNoScans(this.deps.assignments, assignment)) ?? assignment);
  }
}

/** What is known of scans that nobody has opened. */
const nothingYet = {
  format: null,
  state: 'waiting',
  found: null,
  taken: 0,
  refused: 0,
  refusals: [],
  failure: null,
  heldAt: null,
  holdReason: null,
  endedAt: null,
} as const;

function again({ sameBody, record }: EarlierRequest<ScanBatch>): ScanBatch | Failure {
  return sameBody ? record : fail('ID_REUSED');
}
