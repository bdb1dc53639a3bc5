import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import type { RunningPart } from '#libs/platform';
import { graphql, newId, startTestApi, type TestApi } from './api.js';
import { ModelDesk } from './models.js';
import { foundSchool, type Person, type School } from './school.js';
import { until } from './until.js';
import { startTestWorker } from './worker.js';
import { createAssignment, upload } from './work.js';

/** The value of an operation's one field, or the code of what refused all of it. */
export type Told = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- what tests expect of it says what it is

/** A school that trains models: an API and a worker that share a folder, and what its teacher does. */
export class ModelSchool {
  private constructor(
    readonly data: string,
    readonly api: TestApi,
    private readonly worker: RunningPart,
    readonly school: School,
    readonly learner: Person,
  ) {}

  /**
   * @param settings of the worker
   * @param log where the log of the worker goes
   */
  static async open(
    slug: string,
    settings: Record<string, string> = {},
    log?: DestinationStream,
  ): Promise<ModelSchool> {
    const data = await mkdtemp(join(tmpdir(), `attune-${slug}-`));
    const api = await startTestApi({ ATTUNE_DATA_DIR: data });
    const worker = await startTestWorker(api.database, { ATTUNE_DATA_DIR: data, ...settings }, log);
    const school = await foundSchool(api.app, slug);
    return new ModelSchool(data, api, worker, school, await school.join('student', 'learner'));
  }

  get desk(): ModelDesk {
    return new ModelDesk(this.api, this.school, this.data);
  }

  /** Address of the worker's port; undefined where it has none. */
  get workerUrl(): string | undefined {
    return this.worker.url;
  }

  async close(): Promise<void> {
    await this.worker.close();
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

  /** Has a learner hand in a picture, and gives what the teacher sees of the work once it was looked at. */
  async graded(assignmentId: string, picture: Uint8Array, learner = this.learner): Promise<Told> {
    const file = await upload(this.api.url, learner.token, picture);
    if (file.status >= 300) throw new Error(`Not uploaded: ${JSON.stringify(file.answer)}`);
    const input = { id: newId(), assignmentId, marks: [], fileId: file.id, at: new Date().toISOString() };
    const handedIn = await this.call(learner, { document: submitWork }, { input });
    if (handedIn['__typename'] !== 'SubmittedWork') throw new Error(`Not handed in: ${JSON.stringify(handedIn)}`);
    const see = (): Promise<Told> => this.call(this.school.teacher, { document: submission }, { id: input.id });
    await until(async () => (await see())['state'] !== 'queued');
    return { id: input.id, ...(await see()) };
  }

  /** Has the teacher settle a work of one criterion: with other points, or as it is where none are given. */
  async review(submissionId: string, awarded: number | null): Promise<void> {
    const overrides = awarded === null ? [] : [{ criterionId: 'class', awarded }];
    const input = { id: newId(), submissionId, overrides, reason: awarded === null ? null : 'I see it otherwise.' };
    const reviewed = await this.call(this.school.teacher, { document: reviewSubmission }, { input });
    if (reviewed['__typename'] !== 'ReviewedSubmission') throw new Error(`Not settled: ${JSON.stringify(reviewed)}`);
  }
}

const submission = `query ($id: UUID!) { submission(id: $id) { state failure
  judgements { modelId criterionId label probability awarded } scores { source total maximum modelId } } }`;

const submitWork = `mutation ($input: SubmitWorkInput!) { submitWork(input: $input) { __typename
  ... on Refusal { code message } } }`;

const reviewSubmission = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

const skillsOf = `query ($id: UUID!) { course(id: $id) { skills { id name } } }`;

const createActivity = `mutation ($input: CreateActivityInput!) { createActivity(input: $input) { __typename
  ... on Activity { id } ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;
