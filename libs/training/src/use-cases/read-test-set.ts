import { fail, type Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import type { ArchiveStore } from '../archives.ports.js';
import type { TestSetRepository } from '../datasets.ports.js';
import { testExamplesOf, type TestExample, type TestSet } from '../model/test-set.js';
import { datasetSchema } from '../model/training-plan.js';

/** The hidden side of a test set. */
export interface OpenTestSet extends TestSet {
  readonly answers: readonly TestExample[];
  /** Path of its archive on this machine. */
  readonly archive: string;
}

/** Opens test sets for those who grade by them, who have asked who may. */
export class ReadTestSet {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly testSets: TestSetRepository,
    private readonly archives: ArchiveStore,
  ) {}

  /** Null where the course has no such test set, or its archive is not here. */
  async open(actor: Actor, courseId: string, id: string): Promise<OpenTestSet | null> {
    const testSet = await this.find(actor, courseId, id);
    const archive = testSet && (await this.archives.locate(actor.institutionId, testSet.sha256));
    if (testSet === null || archive === null) return null;
    const files = await this.archives.read(actor.institutionId, testSet.sha256, ['dataset.json']);
    const index = datasetSchema.parse(JSON.parse(new TextDecoder().decode(files.get('dataset.json'))));
    return { ...testSet, answers: testExamplesOf(index), archive };
  }

  async find(actor: Actor, courseId: string, id: string): Promise<TestSet | null> {
    const testSet = await this.unitOfWork.read(actor, () => this.testSets.findTestSet(id));
    return testSet?.courseId === courseId ? testSet : null;
  }

  /** Where what learners get can be read. */
  async handOut(actor: Actor, courseId: string, id: string): Promise<{ path: string; bytes: number } | Failure> {
    const testSet = await this.find(actor, courseId, id);
    const path = testSet && (await this.archives.locate(actor.institutionId, testSet.handOut.sha256));
    if (testSet === null || path === null) {
      return fail('NOT_FOUND', 'What is handed out is not on this server: its folder was emptied, or is not shared.');
    }
    return { path, bytes: testSet.handOut.bytes };
  }
}
