import { priorPopulation, priorSnapshot, StreamedModel, type ItemParameters, type StudentModel } from '#libs/mastery';
import type { World } from './world.js';

/** The student model of a course that nobody has answered in yet. */
export function aModel(skillIds: readonly string[], exercises: readonly ItemParameters[]): StudentModel {
  return new StreamedModel({
    snapshot: priorSnapshot,
    population: priorPopulation(),
    skillNumbers: new Map(skillIds.map((id, at) => [id, at + 1])),
    exercises,
  });
}

const models = new WeakMap<World, StudentModel>();

/** The student model of a world, as live tutoring has it before anybody has answered. */
export function modelOfWorld(world: World): StudentModel {
  let model = models.get(world);
  if (model === undefined) {
    const exercises = world.activities.filter(({ kind }) => kind === 'exercise');
    model = aModel(
      world.skills.map(({ id }) => id),
      exercises,
    );
    models.set(world, model);
  }
  return model;
}
