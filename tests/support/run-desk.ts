import { operations } from '#libs/client';
import { trainingPlanSchema, type TrainingPlan } from '#libs/training';
import { newId } from './api.js';
import type { ModelSchool, Told } from './model-school.js';
import { until } from './until.js';

/** What a teacher does with training runs, and what a machine does that trains one. */
export class RunDesk {
  constructor(private readonly place: ModelSchool) {}

  /** Starts a run; gives its id and its code. */
  async start(datasetId: string, more: object = {}): Promise<{ id: string; code: string }> {
    const { courseId, teacher } = this.place.school;
    const input = {
      id: newId(),
      courseId,
      datasetId,
      name: 'Run',
      engine: 'keras-jax',
      backbone: 'tiny-convnet',
      ...more,
    };
    const told = await this.place.call(teacher, operations.startTrainingRun, { input });
    if (told['run'] === undefined) throw new Error(`The run was refused: ${JSON.stringify(told)}`);
    return { id: input.id, code: told['runCode'] as string };
  }

  /** The same, once its code gives out the plan. */
  async waiting(datasetId: string, more: object = {}): Promise<{ id: string; code: string }> {
    const run = await this.start(datasetId, more);
    await this.reached(run.id, 'waiting');
    return run;
  }

  read(id: string): Promise<Told> {
    return this.place.call(this.place.school.teacher, operations.trainingRun, { id });
  }

  async reached(id: string, state: string): Promise<Told> {
    await until(async () => (await this.read(id))['state'] === state);
    return this.read(id);
  }

  renew(id: string): Promise<Told> {
    return this.place.call(this.place.school.teacher, operations.renewTrainingCode, { id });
  }

  cancel(id: string): Promise<Told> {
    return this.place.call(this.place.school.teacher, operations.cancelTrainingRun, { id });
  }

  askPlan(code: string): Promise<Response> {
    return fetch(`${this.place.api.url}/training/plans/${code}`);
  }

  async plan(code: string): Promise<TrainingPlan> {
    return trainingPlanSchema.parse(await (await this.askPlan(code)).json());
  }

  /** Tells one line of progress. */
  report(id: string, token: string, sequence: number, more: object = {}): Promise<Response> {
    const at = new Date().toISOString();
    const line = { sequence, phase: 'all', epoch: sequence, epochs: 5, metrics: { loss: 1 }, at, ...more };
    return fetch(`${this.place.api.url}/training/runs/${id}/progress`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify([line]),
    });
  }
}
