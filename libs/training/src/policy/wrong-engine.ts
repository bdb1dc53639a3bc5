import { refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import type { DatasetTask } from '../model/dataset.js';
import { architectureOf, backbonesOf, weightsEndings } from '../model/training-plan.js';
import type { TrainingRun } from '../model/training-run.js';

/**
 * Refuses an engine that does not train for a task, a network that it does not have for it, and weights that do not fit; null
 * for nothing. A head trained here is put on the classical description or on a model, which is looked for later.
 */
export function wrongEngine(
  { engine, backbone, weights }: Pick<TrainingRun, 'engine' | 'backbone' | 'weights'>,
  task: DatasetTask,
): Failure | null {
  if (engine === 'node') {
    if (task !== 'image-classification') {
      const message = `trains heads for image-classification; the dataset is for ${task}: take keras-jax or keras-tf`;
      return refuseInput([{ path: 'engine', message }]);
    }
    if (weights === 'none') return null;
    return refuseInput([{ path: 'weights', message: 'is for the training package; here the backbone has its own' }]);
  }
  const known = backbonesOf(engine, task);
  if (known.length === 0) {
    return refuseInput([{ path: 'engine', message: `does not train for ${task}: take keras-jax or keras-tf` }]);
  }
  const issues: FailureIssue[] = [];
  if (!known.includes(backbone)) {
    issues.push({ path: 'backbone', message: `${engine} has ${known.join(', ')} for ${task}` });
  }
  if (weights !== 'none') {
    const ending = weightsEndings[engine];
    const isFile = new URL(weights.url).pathname.endsWith(ending);
    if (!isFile) issues.push({ path: 'weights.url', message: `${engine} begins with files that end in ${ending}` });
    const architecture = architectureOf(backbone);
    if (weights.architecture !== architecture) {
      issues.push({ path: 'weights.architecture', message: `is not ${architecture}, from which ${backbone} grows` });
    }
  }
  return issues.length === 0 ? null : refuseInput(issues);
}
