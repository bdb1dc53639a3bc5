import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttuneClient, newId, operations } from '#libs/client';
import { burden } from '../support/burdened-model.js';
import { createActivity, submission, type Told } from '../support/model-school.js';
import { ModelDesk, type Caller } from '../support/models.js';
import { makeDatabaseFolder } from '../support/postgres-folder.js';
import { freePort, isAlive, SERVE_ENTRY, ServeProcess } from '../support/serve-process.js';
import { until } from '../support/until.js';
import { createAssignment, upload } from '../support/work.js';

const built = existsSync(SERVE_ENTRY);

/** Brightness of the pictures that burden the model, and of one that does not. */
const unthinkable = 255;
const slow = 250;
const easy = 100;
/** 2^48 bytes as float32: more than a process can address. */
const beyondMemory = 2 ** 46;
/** Two such matrices take seconds to multiply on one core, and 68 MB each. */
const side = 4_200;

/** Resident bytes of a process. */
const memoryOf = async (pid: number): Promise<number> =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
/** Whether a process has loaded the library that runs ONNX. */
const hasRuntime = async (pid: number): Promise<boolean> =>
  (await readFile(`/proc/${pid}/maps`, 'utf8')).includes('libonnxruntime');

/** A model of ONNX Runtime itself, in the worker that the supervisor started, with a class whose teacher made it active. */
describe('a model that goes wrong natively', () => {
  let folder: string;
  let server: ServeProcess;
  let desk: ModelDesk;
  let teacher: Caller;
  let student: Caller;
  let assignmentId: string;

  beforeAll(async () => {
    if (!built) return;
    folder = await makeDatabaseFolder();
    const data = join(folder, 'data');
    server = ServeProcess.spawn(data, await freePort());
    await server.ready();
    type Account = { readonly email: string; readonly password: string };
    const accounts = JSON.parse(await readFile(join(data, 'demo-accounts.json'), 'utf8')) as {
      readonly institution: string;
      readonly teacher: Account;
      readonly student: Account;
    };
    const signIn = async (account: Account): Promise<Caller> => {
      const client = new AttuneClient({ url: server.url });
      await client.signIn({ institution: accounts.institution, ...account });
      return { token: await client.accessToken() };
    };
    [teacher, student] = [await signIn(accounts.teacher), await signIn(accounts.student)];
    const { edges } = await call(teacher, operations.courses, { first: 1, after: null });
    const courseId = edges[0].node.id as string;
    desk = new ModelDesk(server, { courseId, teacher }, folder);
    const contents = (files: Map<string, Buffer>): void => {
      const model = burden(
        files.get('model.onnx')!,
        { when: unthinkable, make: beyondMemory },
        { when: slow, multiply: side },
      );
      files.set('model.onnx', Buffer.from(model));
    };
    await desk.moved(
      { name: 'Burdened', contents, manifest: (made) => ({ ...made, abstainBelow: null }) },
      'candidate',
      'active',
    );
    assignmentId = await assign(courseId);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const call = (person: Caller, operation: { document: string }, variables: object): Promise<Told> =>
    new ModelDesk(server, { courseId: '', teacher }, folder).call(person, operation, variables);

  /** Work that the model grades. */
  async function assign(courseId: string): Promise<string> {
    const { skills } = await call(teacher, operations.course, { id: courseId });
    const specification = {
      kind: 'classify',
      version: 1,
      model: 'Burdened',
      expected: 'square',
      points: 4,
      skill: skills[0].externalId,
      hints: { orient: 'Look at its corners.', point: 'How many are there?', show: 'It has four.' },
      others: [],
    };
    const activity = await call(
      teacher,
      { document: createActivity },
      {
        input: {
          id: newId(),
          courseId,
          kind: 'visual-assignment',
          modality: 'drawing',
          language: 'en',
          difficulty: 0,
          minutes: 5,
          skillIds: [skills[0].id],
          content: {
            title: 'Draw a shape',
            body: 'Draw it.',
            form: { kind: 'picture' },
            key: { kind: 'picture', specification },
          },
        },
      },
    );
    const input = { id: newId(), courseId, activityId: activity.id, title: 'Draw' };
    return (await call(teacher, { document: createAssignment }, { input })).id as string;
  }

  /** Hands in a picture of one grey. */
  async function handIn(brightness: number): Promise<string> {
    const background = { r: brightness, g: brightness, b: brightness };
    const picture = await sharp({ create: { width: 48, height: 40, channels: 3, background } })
      .png()
      .toBuffer();
    const { id: fileId, status } = await upload(server.url, student.token, picture);
    expect(status).toBe(201);
    const input = { id: newId(), assignmentId, marks: [], fileId, at: new Date().toISOString() };
    expect(await call(student, operations.submitWork, { input })).toMatchObject({ __typename: 'SubmittedWork' });
    return input.id;
  }
  const read = (id: string): Promise<Told> => call(teacher, { document: submission }, { id });
  const settled = async (id: string): Promise<Told> => {
    await until(async () => (await read(id)).state !== 'queued', 100);
    return read(id);
  };

  it('by asking for what no machine has is an error of its own, in the worker that goes on', async ({ skip }) => {
    skip(!built, 'not built: npm test builds first');
    const parts = await server.parts();
    const failed = await handIn(unthinkable);
    expect(await settled(failed)).toMatchObject({ state: 'failed', failure: 'model-failed', scores: [] });
    expect((await settled(await handIn(easy))).judgements).toMatchObject([{ label: expect.any(String) as string }]);
    expect(await server.parts()).toEqual(parts);
    expect(parts.every(isAlive)).toBe(true);
  });

  it('and takes its process down leaves the API alone, and the work is graded by the next worker', async ({ skip }) => {
    skip(!built, 'not built: npm test builds first');
    skip(process.platform !== 'linux', 'what a process holds is read on Linux only');
    const [api, worker] = (await server.parts()) as [number, number];
    let answers = 0;
    let going = true;
    const asking = (async () => {
      for (; going; await sleep(20)) {
        expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
        expect(await call(teacher, operations.courses, { first: 1, after: null })).toHaveProperty('edges');
        answers += 1;
      }
    })();
    const before = await memoryOf(worker);
    const id = await handIn(slow);
    // The matrices are there: ONNX Runtime is in the middle of multiplying them.
    await until(async () => (await memoryOf(worker)) > before + side * side * 4);
    expect([await hasRuntime(api), await hasRuntime(worker)]).toEqual([false, true]);
    process.kill(worker, 'SIGSEGV');
    await server.shows('Worker     is back');
    const [sameApi, nextWorker] = await server.parts();
    expect(sameApi).toBe(api);
    expect(nextWorker).not.toBe(worker);
    const work = await settled(id);
    going = false;
    await asking;
    expect(answers).toBeGreaterThan(50);
    expect(isAlive(api)).toBe(true);
    expect(await hasRuntime(api)).toBe(false);
    // On a machine that is too slow for the matrices the teacher has it.
    expect(['graded', 'needs-review', 'failed']).toContain(work.state);
    if (work.state !== 'failed') expect(work.judgements).toHaveLength(1);
  });
});
