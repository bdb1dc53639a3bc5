import { fail, isFailure, refuseInput, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, AuditLog } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import type { ArchiveFile } from '../archives.ports.js';
import type { TestSetRepository } from '../datasets.ports.js';
import type { TestSet } from '../model/test-set.js';
import { freezePlan, type FreezePlan } from '../policy/freeze-plan.js';
import { handOutOf } from '../policy/hand-out.js';
import { archiveFiles, type FreezeDependencies } from './freeze-dataset.js';
import { findTaughtDataset } from './taught-dataset.js';

/** A new test set; `id` is made by the caller. */
export type NewTestSet = Pick<TestSet, 'id' | 'datasetId' | 'name' | 'seed'>;

export interface TestSetDependencies extends FreezeDependencies {
  readonly testSets: TestSetRepository;
  readonly audit: AuditLog;
}

/** Teachers freeze datasets for projects. */
export class ManageTestSets {
  constructor(private readonly deps: TestSetDependencies) {}

  /** The same id with the same content is the same test set. */
  async create(actor: Actor, input: NewTestSet): Promise<TestSet | Failure> {
    const { unitOfWork, testSets, archives, ledger, audit, clock } = this.deps;
    const planned = await this.plan(actor, input);
    if (isFailure(planned) || 'kind' in planned) return isFailure(planned) ? planned : planned.testSet;
    const { courseId, plan } = planned;
    // Nothing is open in the database while the archives are written; written twice they are the same.
    const written = await archives.write(actor.institutionId, this.files(actor, plan));
    if (isFailure(written)) return written;
    const handOut = await archives.write(actor.institutionId, this.handOut(actor, input.name, plan));
    if (isFailure(handOut)) return handOut;
    const { labels, card } = plan.index;
    const made = { labels, examples: card.split, sha256: written.sha256, handOut };
    const testSet = { ...input, courseId, ...made, createdBy: actor.pseudonym, createdAt: new Date(clock.now()) };
    return unitOfWork.run(actor, async () => {
      for (const { sha256 } of [written, handOut]) await ledger.note(sha256, plan.learners, testSet.createdAt);
      if (!(await testSets.insertTestSet(testSet))) {
        const earlier = await testSets.findTestSet(input.id);
        return earlier === null ? oneOnly : again(earlier, input);
      }
      const details = { datasetId: input.datasetId, sha256: written.sha256 };
      await audit.record(actor, { action: 'test-set.created', objectKind: 'test-set', objectId: input.id, details });
      return testSet;
    });
  }

  /** Newest first. */
  async list(actor: Actor, courseId: string, page: PageRequest<TimeKey>): Promise<Page<TestSet> | Failure> {
    const { unitOfWork, access, testSets } = this.deps;
    return unitOfWork.read(actor, async () => {
      const refused = await demandTeaching(access, actor, courseId);
      return refused ?? testSets.listTestSets(courseId, page);
    });
  }

  private plan(
    actor: Actor,
    input: NewTestSet,
  ): Promise<{ courseId: string; plan: FreezePlan } | { kind: 'there'; testSet: TestSet } | Failure> {
    const { unitOfWork, datasets, testSets, clock } = this.deps;
    return unitOfWork.read(actor, async () => {
      const dataset = await findTaughtDataset(this.deps, actor, input.datasetId);
      if (isFailure(dataset)) return dataset;
      const earlier = await testSets.findTestSet(input.id);
      if (earlier !== null) {
        const same = again(earlier, input);
        return isFailure(same) ? same : { kind: 'there', testSet: same };
      }
      if (dataset.task !== 'image-classification') {
        const message = `is for ${dataset.task}: a project asks for one label of each image`;
        return refuseInput([{ path: 'datasetId', message }]);
      }
      if ((await testSets.findOfDataset(input.datasetId)) !== null) return oneOnly;
      const images = await datasets.listAll(input.datasetId, new Date(clock.now()));
      if (images.some(({ submissionId }) => submissionId !== null)) {
        const message = 'holds works of learners, and other learners would get them: use a dataset without';
        return refuseInput([{ path: 'datasetId', message }]);
      }
      if (images.length > mostImages) {
        return refuseInput([{ path: 'datasetId', message: `has more than ${mostImages} images` }]);
      }
      const plan = freezePlan(dataset, images, input.seed);
      return isFailure(plan) ? plan : { courseId: dataset.courseId, plan };
    });
  }

  private files(actor: Actor, plan: FreezePlan): ArchiveFile[] {
    return archiveFiles(plan, (sha256) => this.deps.images.get(actor.institutionId, sha256));
  }

  private handOut({ institutionId }: Actor, name: string, { index, images }: FreezePlan): ArchiveFile[] {
    const digests = new Map(images.map(({ path, sha256 }) => [path, sha256]));
    return handOutOf(name, index).map((file) => ({
      path: file.path,
      read: () =>
        'text' in file
          ? Promise.resolve(new TextEncoder().encode(file.text))
          : this.deps.images.get(institutionId, digests.get(file.image)!),
    }));
  }
}

/** Images of one test set: learners download them all. */
const mostImages = 20_000;

const oneOnly = fail(
  'TAKEN',
  'This dataset has a test set. With another split, images whose labels are hidden in one would be told by the other.',
);

function again(earlier: TestSet, { datasetId, name, seed }: NewTestSet): TestSet | Failure {
  const isSame = earlier.datasetId === datasetId && earlier.name === name && earlier.seed === seed;
  return isSame ? earlier : fail('ID_REUSED');
}
