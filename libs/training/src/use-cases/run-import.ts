import { fail, FailureError, isFailure, type Failure, type FailureCode, type IdSource } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import type { PictureCleaner } from '#libs/learning';
import type { ImageStore } from '../datasets.ports.js';
import type { OpenFolders } from '../imports.ports.js';
import { isAtItsEnd, type DatasetImport } from '../model/dataset-import.js';
import type { TrainingDataset } from '../model/dataset.js';
import { importChanged } from '../model/events.js';
import { importLimits } from '../policy/dataset-limits.js';
import { annotationFor, boxesFile, type FileToTake } from '../policy/boxes-file.js';
import { planBoxes } from '../policy/boxes-plan.js';
import { counted, lookedAt, planImport, type ImportStep } from '../policy/import-plan.js';
import type { ImportDependencies } from './import-dependencies.js';
import type { ManageDatasets, StoredImageToAdd } from './manage-datasets.js';

export interface RunImportDependencies extends ImportDependencies {
  readonly manage: ManageDatasets;
  readonly images: ImageStore;
  readonly cleaner: PictureCleaner;
  readonly ids: IdSource;
}

/** What goes over by itself: the job is tried again, and the file is not to blame. */
const passing: readonly FailureCode[] = ['BUSY', 'UNAVAILABLE'];

/**
 * Brings a zip of folders into its dataset, file by file. Each picture is labelled and counted in one unit of work, so that a
 * worker that comes after a crash goes on with the next, and the counts are those of one run. After a while it hands on to a
 * new job: none is long, and others get their turn.
 */
export class RunImport {
  constructor(private readonly deps: RunImportDependencies) {}

  async execute(actor: Actor, id: string): Promise<DatasetImport | Failure> {
    if (actor.kind !== 'system') return systemOnly;
    const { unitOfWork, imports, datasets, zips } = this.deps;
    const found = await unitOfWork.run(actor, async () => {
      const present = await imports.findImport(id);
      const dataset = present && (await datasets.findDataset(present.datasetId));
      return present && dataset && { present, dataset };
    });
    if (found === null) return gone;
    const { present, dataset } = found;
    const outcome = isAtItsEnd(present) ? present : await this.bringIn(actor, present, dataset);
    if (!isFailure(outcome) && isAtItsEnd(outcome)) await zips.remove(actor.institutionId, outcome);
    return outcome;
  }

  /** For a job that nobody could finish: the import fails, if it still goes on. What it has brought in stays. */
  async giveUp(actor: Actor, id: string): Promise<DatasetImport | Failure> {
    if (actor.kind !== 'system') return systemOnly;
    const failure = fail(
      'INTERNAL',
      'It did not come to its end. Upload it again under a new id: what is there stays.',
    );
    const ended = await this.end(actor, id, failure);
    if (!isFailure(ended)) await this.deps.zips.remove(actor.institutionId, ended);
    return ended;
  }

  private async bringIn(
    actor: Actor,
    { id, sha256 }: DatasetImport,
    dataset: TrainingDataset,
  ): Promise<DatasetImport | Failure> {
    const zip = await this.deps.zips.open(actor.institutionId, { id, sha256 });
    if (isFailure(zip)) return this.end(actor, id, zip);
    try {
      const steps = await stepsOf(zip, dataset);
      return isFailure(steps) ? await this.end(actor, id, steps) : await this.go(actor, id, zip, steps);
    } finally {
      zip.close();
    }
  }

  private async go(
    actor: Actor,
    id: string,
    zip: OpenFolders,
    steps: readonly ImportStep[],
  ): Promise<DatasetImport | Failure> {
    const { unitOfWork, queue, clock } = this.deps;
    const handsOnAt = clock.now() + importLimits.turn;
    let present = await this.begin(actor, id, steps.length);
    while (present !== null && present.state === 'importing') {
      const step = steps[lookedAt(present)];
      if (step === undefined) return this.end(actor, id, null);
      if (clock.now() >= handsOnAt) {
        await unitOfWork.run(actor, () => queue.enqueueImport(id));
        return present;
      }
      present = await this.take(actor, present, step, zip);
    }
    return present ?? gone;
  }

  private begin(actor: Actor, id: string, files: number): Promise<DatasetImport | null> {
    const { imports } = this.deps;
    return this.change(actor, id, async (present) => {
      if (present.state !== 'waiting') return present;
      const change = { state: 'importing', files } as const;
      await imports.updateImport(id, change);
      return { ...present, ...change };
    });
  }

  /** Does one step, unless somebody else did it meanwhile: a worker that paused may have been taken for dead. */
  private async take(
    actor: Actor,
    before: DatasetImport,
    step: ImportStep,
    zip: OpenFolders,
  ): Promise<DatasetImport | null> {
    const { unitOfWork, imports, manage } = this.deps;
    const picture = 'code' in step ? fail(step.code, step.message) : await this.store(actor, before, step, zip);
    if (isFailure(picture) && passing.includes(picture.code)) throw new FailureError(picture);
    return unitOfWork.run(actor, async () => {
      const present = await imports.lockImport(before.id);
      if (present?.state !== 'importing' || lookedAt(present) !== lookedAt(before)) return present;
      const outcome = isFailure(picture) ? picture : await manage.addStored(actor, present.datasetId, picture);
      const change = counted(present, step.path, outcome);
      await imports.updateImport(present.id, change);
      return { ...present, ...change };
    });
  }

  /** Unpacks a picture, cleans it, and puts it where images lie. */
  private async store(
    { institutionId }: Actor,
    { createdBy: labelledBy }: DatasetImport,
    file: FileToTake,
    zip: OpenFolders,
  ): Promise<StoredImageToAdd | Failure> {
    const { images, cleaner, ids } = this.deps;
    const bytes = await zip.read(file.path);
    if (bytes === null) return damaged;
    const picture = await cleaner.clean(bytes);
    if (isFailure(picture)) return picture;
    const annotation = annotationFor(file, picture);
    if (isFailure(annotation)) return annotation;
    const sha256 = await images.put(institutionId, picture.bytes);
    if (isFailure(sha256)) return sha256;
    const { mediaType, width, height } = picture;
    return { id: ids.next(), sha256, mediaType, width, height, ...annotation, labelledBy };
  }

  private async end(
    actor: Actor,
    id: string,
    failure: Pick<Failure, 'code' | 'message'> | null,
  ): Promise<DatasetImport | Failure> {
    const { imports, audit, clock } = this.deps;
    const ended = await this.change(actor, id, async (present) => {
      if (isAtItsEnd(present)) return present;
      const state = failure === null ? 'done' : 'failed';
      const why = failure && { code: failure.code, message: failure.message };
      const change = { state, failure: why, endedAt: new Date(clock.now()) } as const;
      await imports.updateImport(id, change);
      const { datasetId: objectId, added, relabelled } = present;
      const details = { importId: id, state, images: added + relabelled };
      await audit.record(actor, { action: 'dataset.import-ended', objectKind: 'dataset', objectId, details });
      return { ...present, ...change };
    });
    return ended ?? gone;
  }

  /** Changes it under its lock; the teachers hear when its state is another one after that. */
  private change(
    actor: Actor,
    id: string,
    work: (present: DatasetImport) => Promise<DatasetImport>,
  ): Promise<DatasetImport | null> {
    const { imports, datasets } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const present = await imports.lockImport(id);
      const dataset = present && (await datasets.findDataset(present.datasetId));
      if (present === null || dataset === null) return null;
      const next = await work(present);
      if (next.state !== present.state) news.push(importChanged(dataset.courseId, next));
      return next;
    });
  }
}

/** Reads what is said of the files: by their folders, or for detection by `boxes.json`. */
async function stepsOf(zip: OpenFolders, { task, splitBy }: TrainingDataset): Promise<readonly ImportStep[] | Failure> {
  if (task === 'image-classification') return planImport(zip.files, splitBy);
  const index = zip.files.find(({ path }) => path === boxesFile);
  if (index === undefined) return fail('INVALID_INPUT', `There is no ${boxesFile} at the top of the zip.`);
  if (index.bytes > importLimits.boxesBytes) {
    return fail('TOO_LARGE', `${boxesFile} may have ${importLimits.boxesBytes} bytes. Send the pictures in parts.`);
  }
  const text = await zip.read(boxesFile);
  return text === null ? damaged : planBoxes(zip.files, splitBy, new TextDecoder().decode(text));
}

const damaged = fail('INVALID_INPUT', 'It is damaged, or longer than the zip says.');
const gone = fail('NOT_FOUND', 'There is no such import any more.');
const systemOnly = fail('FORBIDDEN', 'Zips are brought in by the system.');
