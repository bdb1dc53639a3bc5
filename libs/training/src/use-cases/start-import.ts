import { fail, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { isAtItsEnd, type DatasetImport } from '../model/dataset-import.js';
import { importChanged } from '../model/events.js';
import type { ImportDependencies } from './import-dependencies.js';
import { findTaughtDataset } from './taught-dataset.js';

/** A zip of folders as it came in; `id` is made by the caller. */
export interface FolderUpload {
  readonly id: string;
  readonly datasetId: string;
  /** The zip on this machine; it is taken over where the upload is accepted. */
  readonly path: string;
  /** What was announced of it, in small hexadecimal digits; null where nothing was. */
  readonly sha256: string | null;
}

/** Takes a zip of folders in, and has a worker bring it into its dataset. */
export class StartImport {
  constructor(private readonly deps: ImportDependencies) {}

  /** Whether the actor may bring images into a dataset: asked before the first byte is taken. */
  async mayUpload(actor: Actor, datasetId: string): Promise<Failure | null> {
    const dataset = await this.deps.unitOfWork.run(actor, () => findTaughtDataset(this.deps, actor, datasetId));
    return isFailure(dataset) ? dataset : null;
  }

  /**
   * The same id with the same bytes for the same dataset is the same import, however far it is. Refused: NOT_FOUND, FORBIDDEN;
   * INVALID_INPUT for another SHA-256 than was announced; ID_REUSED; UNAVAILABLE where there is no room.
   */
  async execute(actor: Actor, { id, datasetId, path, sha256 }: FolderUpload): Promise<DatasetImport | Failure> {
    const { unitOfWork, imports, zips, clock } = this.deps;
    const refused = await this.mayUpload(actor, datasetId);
    if (refused !== null) return refused;
    const measured = await zips.measure(path);
    if (sha256 !== null && sha256 !== measured.sha256) {
      return fail('INVALID_INPUT', 'What arrived has another SHA-256 than was announced. Send the zip again.');
    }
    const started: DatasetImport = {
      ...nothingYet,
      ...measured,
      id,
      datasetId,
      createdBy: actor.pseudonym,
      createdAt: new Date(clock.now()),
    };
    const earlier = await unitOfWork.run(actor, () => imports.findImport(id));
    if (earlier !== null) return again(started, earlier);
    const kept = await zips.keep(actor.institutionId, started, path);
    return kept ?? this.register(actor, started);
  }

  private async register(actor: Actor, started: DatasetImport): Promise<DatasetImport | Failure> {
    const { datasets, imports, queue, audit, zips } = this.deps;
    const { id, datasetId, sha256, bytes } = started;
    const registered = await withEvents(this.deps, actor, async (news) => {
      if (!(await imports.insertImport(started))) return null;
      await queue.enqueueImport(id);
      const details = { importId: id, sha256, bytes };
      const action = 'dataset.import-started';
      await audit.record(actor, { action, objectKind: 'dataset', objectId: datasetId, details });
      news.push(importChanged((await datasets.findDataset(datasetId))!.courseId, started));
      return started;
    });
    if (registered !== null) return registered;
    // Somebody was faster with this id. What was kept here is hers, or nobody's.
    const earlier = await this.deps.unitOfWork.run(actor, () => imports.findImport(id));
    if (earlier?.sha256 !== sha256 || isAtItsEnd(earlier)) await zips.remove(actor.institutionId, started);
    return earlier === null ? fail('ID_REUSED') : again(started, earlier);
  }
}

/** What is known of a zip that nobody has opened. */
const nothingYet = {
  state: 'waiting',
  files: null,
  added: 0,
  relabelled: 0,
  unchanged: 0,
  refused: 0,
  refusals: [],
  failure: null,
  endedAt: null,
} as const;

function again({ sha256, datasetId }: DatasetImport, earlier: DatasetImport): DatasetImport | Failure {
  return earlier.sha256 === sha256 && earlier.datasetId === datasetId ? earlier : fail('ID_REUSED');
}
