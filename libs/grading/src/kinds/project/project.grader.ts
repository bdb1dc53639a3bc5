import { isFailure, refuseInput, type Failure } from '#libs/kernel';
import { packageRefusals, type PackageVerifier } from '#libs/models';
import type { OpenTestSet, ReadTestSet } from '#libs/training';
import type { GradingResult } from '../../model/grading-result.js';
import { Grader, ungraded, type Ungraded, type WorkToGrade } from '../../ports.js';
import { gradeProject } from './grade-project.js';
import type { Project } from './project.js';
import { readPredictions } from './read-predictions.js';

/** Compares predictions with the hidden labels; those of a package are made in the process that packages are verified in. */
export class ProjectGrader extends Grader<Project> {
  override readonly kind = 'project';

  constructor(
    private readonly testSets: Pick<ReadTestSet, 'open'>,
    private readonly packages: Pick<PackageVerifier, 'judge'>,
  ) {
    super();
  }

  override async check({ actor, courseId, specification, file }: WorkToGrade<Project>): Promise<Failure | null> {
    if (file?.kind !== 'predictions') return null;
    const testSet = await this.testSets.open(actor, courseId, specification.testSet);
    const predictions = testSet && readPredictions(file.bytes, expectedOf(testSet));
    return isFailure(predictions) ? predictions : null;
  }

  override async grade(work: WorkToGrade<Project>): Promise<GradingResult | Ungraded> {
    const { actor, courseId, specification } = work;
    const testSet = await this.testSets.open(actor, courseId, specification.testSet);
    if (testSet === null) return ungraded('test-set-missing');
    const predictions = await this.predictionsOf(work, testSet);
    if ('kind' in predictions) return predictions;
    const judged = testSet.answers.map(({ label: truth }, index) => ({ truth, given: predictions[index]! }));
    return {
      kind: 'graded',
      grader: { name: 'project', version: 1, modelId: null },
      ...gradeProject(specification, testSet.labels, judged),
      extras: [],
      flags: [],
      judgements: [],
      isForPracticeOnly: false,
      isProvisional: false,
    };
  }

  private async predictionsOf(
    { file }: WorkToGrade<Project>,
    testSet: OpenTestSet,
  ): Promise<readonly string[] | Ungraded> {
    if (file?.kind === 'predictions') {
      const predictions = readPredictions(file.bytes, expectedOf(testSet));
      return isFailure(predictions) ? ungraded('marks-invalid') : predictions;
    }
    if (file?.kind !== 'package') return ungraded('file-missing');
    const { archive, answers, labels } = testSet;
    const paths = answers.map(({ path }) => path);
    // The process may be ended from outside, which is nobody's fault: the same is tried again.
    const judged = await this.packages
      .judge(file.path, { archive, paths, labels })
      .catch((cause: unknown) => ({ cause }));
    if ('cause' in judged) return ungraded('model-failed', { isPassing: true, ...judged });
    if (judged.kind === 'judged') return judged.labels;
    const { reason, detail } = judged;
    const isExhausted = reason === 'too-slow' || reason === 'ran-out-of-memory';
    return ungraded(isExhausted ? 'package-exhausted' : 'package-refused', {
      detail: `${packageRefusals[reason]}${detail === null ? '' : ` (${detail})`}`,
    });
  }
}

/** Refuses criteria that no work could be measured by. */
export function checkProject({ criteria }: Project, labels: readonly string[]): Failure | null {
  const issues = criteria.flatMap(({ of }, index) =>
    of === undefined || labels.includes(of)
      ? []
      : [
          {
            path: `criteria.${index}.of`,
            message: `"${of}" is no label of the test set; they are ${labels.join(', ')}`,
          },
        ],
  );
  return issues.length === 0 ? null : refuseInput(issues);
}

function expectedOf({ labels, answers }: OpenTestSet): { labels: readonly string[]; examples: readonly string[] } {
  return { labels, examples: answers.map(({ example }) => example) };
}
