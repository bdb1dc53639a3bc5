import { decodePopulation, priorPopulation, priorSnapshot, StreamedModel, type StudentModel } from '#libs/mastery';
import type { CatalogueActivity, CatalogueSkill } from '../model/course-catalogue.js';

/** Population weights as they are stored. */
export interface StoredSnapshot {
  readonly number: number;
  readonly population: Uint8Array;
}

/** The student model of a course, by weights that were learnt there; by those of every course where there are none. */
export function courseModel(
  learnt: StoredSnapshot | null,
  skills: readonly Pick<CatalogueSkill, 'id' | 'number'>[],
  activities: Iterable<CatalogueActivity>,
): StudentModel {
  return new StreamedModel({
    snapshot: learnt?.number ?? priorSnapshot,
    population: learnt === null ? priorPopulation() : decodePopulation(learnt.population),
    skillNumbers: new Map(skills.map(({ id, number }) => [id, number])),
    exercises: [...activities].filter(({ kind, archived }) => kind === 'exercise' && !archived),
  });
}
