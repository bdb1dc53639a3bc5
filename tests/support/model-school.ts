import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DestinationStream } from 'pino';
import type { Socket } from 'socket.io-client';
import { operations } from '#libs/client';
import type { Namespace } from '#libs/contracts';
import type { RunningPart } from '#libs/platform';
import { connect, mustAsk, newId, startTestApi, type TestApi } from './api.js';
import { heard, type Heard } from './heard.js';
import { ModelDesk } from './models.js';
import { foundSchool, type Person, type School } from './school.js';
import { until } from './until.js';
import { startTestWorker } from './worker.js';
import { createAssignment, upload } from './work.js';

/** The value of an operation's one field, or the code of what refused all of it. */
export type Told = any; // oxlint-disable-line typescript/no-explicit-any -- what tests expect of it says what it is

/** What an activity asks for, as a teacher writes it. */
interface AForm {
  readonly kind: string;
  readonly [member: string]: unknown;
}

/** A school that trains models: an API and a worker that share a folder, and what its people do. */
export class ModelSchool {
  /** What a teacher does with models. */
  readonly desk: ModelDesk;
  private readonly sockets: Socket[] = [];

  /** @param data the folder that the API and the worker share */
  private constructor(
    readonly data: string,
    readonly api: TestApi,
    private worker: RunningPart | null,
    readonly school: School,
    readonly learner: Person,
  ) {
    this.desk = new ModelDesk(api, school, data);
  }

  /**
   * @param settings of the worker
   * @param log where the log of the worker goes
   * @param shared settings of the API and the worker
   */
  static async open(
    slug: string,
    settings: Record<string, string> = {},
    log?: DestinationStream,
    shared: Record<string, string> = {},
  ): Promise<ModelSchool> {
    const data = await mkdtemp(join(tmpdir(), `attune-${slug}-`));
    const api = await startTestApi({ ATTUNE_DATA_DIR: data, ...shared });
    const worker = await startTestWorker(api.database, { ATTUNE_DATA_DIR: data, ...shared, ...settings }, log);
    const school = await foundSchool(api.app, slug);
    return new ModelSchool(data, api, worker, school, await school.join('student', 'learner'));
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

  /** Address of the worker's port; undefined where it has none. */
  get workerUrl(): string | undefined {
    return this.worker?.url;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.close();
    await this.stopWorker();
    await this.api.close();
    await rm(this.data, { recursive: true, force: true });
  }

  /** Asks an operation with one field. */
  call(person: Person, operation: { document: string }, variables: object): Promise<Told> {
    return this.desk.call(person, operation, variables);
  }

  /** The same where every other outcome fails the test. */
  async mustCall(typename: string, ...asked: Parameters<ModelSchool['call']>): Promise<Told> {
    const told = await this.call(...asked);
    if (told?.__typename !== typename) throw new Error(`Instead of ${typename}: ${JSON.stringify(told)}`);
    return told;
  }

  /** Opens a socket that is closed with the school. */
  async connect(namespace: Namespace, { token }: Person): Promise<Socket> {
    const socket = await connect(this.api.url, namespace, token);
    this.sockets.push(socket);
    return socket;
  }

  /** What the teacher is told of the course from now on. */
  async watch(): Promise<Heard> {
    const socket = await this.connect('/teach', this.school.teacher);
    const told = heard(socket);
    await mustAsk(socket, '/teach', 'course.watch', { courseId: this.school.courseId });
    return told;
  }

  /** Makes an activity that takes work, and where nothing else is said a picture; what came of it. */
  async createActivity(specification: object, form: AForm = { kind: 'picture' }): Promise<Told> {
    const { courseId, teacher } = this.school;
    const { skills } = await this.call(teacher, operations.course, { id: courseId });
    const skill = skills.find(({ name }: { name: string }) => name === 'Shapes');
    const input = {
      id: newId(),
      courseId,
      kind: 'visual-assignment',
      modality: 'drawing',
      language: 'en',
      difficulty: 0,
      minutes: 5,
      skillIds: [skill.id],
      content: { title: 'Draw a shape', body: 'Draw it.', form, key: { kind: form.kind, specification } },
    };
    return this.call(teacher, { document: createActivity }, { input });
  }

  /** Sets such an activity as an assignment; what came of it. */
  async assign(
    specification: object,
    { stakes = 'practice', form = { kind: 'picture' } as AForm, opensAt = null as string | null } = {},
  ): Promise<Told> {
    const activity = await this.createActivity(specification, form);
    if (activity.__typename !== 'Activity') throw new Error(`The activity was refused: ${JSON.stringify(activity)}`);
    const input = {
      id: newId(),
      courseId: this.school.courseId,
      activityId: activity.id,
      title: 'Draw',
      stakes,
      opensAt,
    };
    return this.call(this.school.teacher, { document: createAssignment }, { input });
  }

  /** Hands a picture or another file in; gives the id of the submission. */
  async handIn(
    assignmentId: string,
    file: Uint8Array,
    { person = this.learner, type = 'image/png' } = {},
  ): Promise<string> {
    const { id: fileId, status, answer } = await upload(this.api.url, person.token, file, { type });
    if (status !== 201) throw new Error(`The upload was refused: ${JSON.stringify(answer)}`);
    const input = { id: newId(), assignmentId, marks: [], fileId, at: new Date().toISOString() };
    await this.mustCall('SubmittedWork', person, operations.submitWork, { input });
    return input.id;
  }

  readSubmission(id: string, person = this.school.teacher): Promise<Told> {
    return this.call(person, { document: submission }, { id });
  }

  /** Hands a file in; the submission once it was graded, or could not be. */
  async graded(...work: Parameters<ModelSchool['handIn']>): Promise<Told> {
    const id = await this.handIn(...work);
    await until(async () => (await this.readSubmission(id)).state !== 'queued');
    return this.readSubmission(id);
  }

  /** Settles the score of a submission as its teacher: as it is, or with other points, for which she says why. */
  review(
    submissionId: string,
    overrides: readonly { criterionId: string; awarded: number }[] = [],
    reason = overrides.length > 0 ? 'I see it otherwise.' : null,
  ): Promise<Told> {
    const input = { id: newId(), submissionId, overrides, reason };
    return this.mustCall('ReviewedSubmission', this.school.teacher, { document: review }, { input });
  }

  /**
   * Has pictures graded and settled as what they show, so that models can be compared on them.
   * @param expected the label that the assignment asks for, worth 2 points
   */
  async settle(
    assignmentId: string,
    works: readonly { readonly picture: Uint8Array; readonly label: string }[],
    { expected, learners }: { expected: string; learners: readonly Person[] },
  ): Promise<void> {
    for (const [index, { picture, label }] of works.entries()) {
      const person = learners[index % learners.length]!;
      const work = await this.graded(assignmentId, picture, { person, type: 'image/jpeg' });
      if (work.judgements.length < 2) throw new Error(`Nothing is compared here: ${JSON.stringify(work)}`);
      const awarded = label === expected ? 2 : 0;
      const overrides = work.scores[0]?.total === awarded ? [] : [{ criterionId: 'class', awarded }];
      await this.review(work.id, overrides);
    }
  }

  /** Starts a training run of the course; the run with its code. */
  startRun(run: object): Promise<Told> {
    const { courseId, teacher } = this.school;
    return this.mustCall('StartedRun', teacher, operations.startTrainingRun, { input: { courseId, ...run } });
  }

  /** A model with what it mistook when it was measured. */
  readMistakes(id: string): Promise<Told> {
    return this.call(this.school.teacher, { document: mistakesOf }, { id });
  }

  readRun(id: string): Promise<Told> {
    return this.call(this.school.teacher, operations.trainingRun, { id });
  }
}

/** Makes an activity. */
export const createActivity = `mutation ($input: CreateActivityInput!) { createActivity(input: $input) { __typename
  ... on Activity { id } ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

/** What a model mistook when it was measured. */
const mistakesOf = `query ($id: UUID!) { model(id: $id) { mistakes { label given probability picture }
  verified { mostConfused { given instead examples of } } } }`;

/** A submission as its teacher sees it. */
export const submission = `query ($id: UUID!) { submission(id: $id) { id state failure failureDetail picture
  judgements { modelId criterionId label probability awarded }
  scores { source total maximum confidence flags grader modelId
    report { labels examples accuracy confusion byLabel { label f1 } weakest mostConfused { given instead examples of } }
    criteria { criterionId label awarded points error regions hint { key parameters } } } } }`;

const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on ReviewedSubmission { score { total grader modelId } submission { state } }
  ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;
