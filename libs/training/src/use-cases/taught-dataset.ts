import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { DatasetRepository } from '../datasets.ports.js';
import type { TrainingDataset } from '../model/dataset.js';

/**
 * A dataset of a course that the actor teaches, inside a unit of work. FORBIDDEN for those who learn there; NOT_FOUND for
 * everybody else, who do not hear that it is there.
 */
export async function findTaughtDataset(
  { datasets, access }: { readonly datasets: DatasetRepository; readonly access: CourseAccess },
  actor: Actor,
  id: string,
): Promise<TrainingDataset | Failure> {
  const dataset = await datasets.findDataset(id);
  const refused = dataset && (await demandTeaching(access, actor, dataset.courseId));
  if (dataset === null || refused?.code === 'NOT_FOUND') {
    return fail('NOT_FOUND', 'There is no such dataset for you.');
  }
  return refused ?? dataset;
}
