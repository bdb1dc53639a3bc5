import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningPart } from '#libs/platform';
import { graphql, newId, startTestApi, type TestApi } from './api.js';
import { ModelDesk } from './models.js';
import { foundSchool, type Person, type School } from './school.js';
import { startTestWorker } from './worker.js';
import { createAssignment } from './work.js';

/** The value of an operation's one field, or the code of what refused all of it. */
export type Told = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- what tests expect of it says what it is

/** A school that trains models: an API and a worker that share a folder, and what its teacher does. */
export class ModelSchool {
  private constructor(
    readonly data: string,
    readonly api: TestApi,
    private worker: RunningPart | null,
    readonly school: School,
    readonly learner: Person,
  ) {}

  static async open(slug: string): Promise<ModelSchool> {
    const data = await mkdtemp(join(tmpdir(), `attune-${slug}-`));
    const api = await startTestApi({ ATTUNE_DATA_DIR: data });
    const worker = await startTestWorker(api.database, { ATTUNE_DATA_DIR: data });
    const school = await foundSchool(api.app, slug);
    return new ModelSchool(data, api, worker, school, await school.join('student', 'learner'));
  }

  get desk(): ModelDesk {
    return new ModelDesk(this.api, this.school, this.data);
  }

  /** Lets its worker finish what it has begun, and ends it. */
  async stopWorker(): Promise<void> {
    await this.worker?.close();
    this.worker = null;
  }

  /** Starts a worker in the place of one that was stopped. */
  async startWorker(): Promise<void> {
    this.worker = await startTestWorker(this.api.database, { ATTUNE_DATA_DIR: this.data });
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.api.close();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Asks an operation with one field. */
  async call(person: Person, { document }: { document: string }, variables: object): Promise<Told> {
    const answer = await graphql(this.api.url, document, { token: person.token, variables: { ...variables } });
    return answer.errors ? { code: answer.errors[0]!.extensions.code } : (Object.values(answer.data!)[0] as Told);
  }

  /** Makes an activity that is answered with a picture; what came of it. */
  async createPictureActivity(specification: object, form: object = { kind: 'picture' }): Promise<Told> {
    const { courseId, teacher } = this.school;
    const { skills } = await this.call(teacher, { document: skillsOf }, { id: courseId });
    const skill = skills.find(({ name }: { name: string }) => name === 'Shapes') as { id: string };
    const input = {
      id: newId(),
      courseId,
      kind: 'visual-assignment',
      modality: 'drawing',
      language: 'en',
      difficulty: 0,
      minutes: 5,
      skillIds: [skill.id],
      content: { title: 'Draw a shape', body: 'Draw it.', form, key: { kind: 'picture', specification } },
    };
    return this.call(teacher, { document: createActivity }, { input });
  }

  /** Sets such an activity as an assignment; what came of it. */
  async assignPicture(specification: object, stakes = 'practice'): Promise<Told> {
    const activity = await this.createPictureActivity(specification);
    if (activity['__typename'] !== 'Activity') throw new Error(`The activity was refused: ${JSON.stringify(activity)}`);
    const { id: activityId } = activity;
    const input = { id: newId(), courseId: this.school.courseId, activityId, title: 'Draw', stakes };
    return this.call(this.school.teacher, { document: createAssignment }, { input });
  }
}

const skillsOf = `query ($id: UUID!) { course(id: $id) { skills { id name } } }`;

const createActivity = `mutation ($input: CreateActivityInput!) { createActivity(input: $input) { __typename
  ... on Activity { id } ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;
