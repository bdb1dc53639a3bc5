import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttuneClient, operations } from '#libs/client';
import { attune } from '../support/attune-command.js';
import { ClassLearner, type ClassPlace } from '../support/classroom.js';
import { eventually } from '../support/device.js';
import { query } from '../support/postgres-client.js';
import { makeDatabaseFolder } from '../support/postgres-folder.js';
import { freePort, SERVE_ENTRY, ServeProcess } from '../support/serve-process.js';
import { createAssignment } from '../support/work.js';
import { graphql, newId } from '../support/api.js';

const learnersInClass = 30;

/** How long everything may take to be as before, in milliseconds; a job of a killed worker takes about 15 s. */
const patience = 60_000;

const built = existsSync(SERVE_ENTRY);

describe('kill -9 in the middle of a class', () => {
  let folder: string;
  let server: ServeProcess;
  let place: ClassPlace;
  let admin: AttuneClient;
  let ownerUrl: string;

  beforeAll(async () => {
    if (!built) return;
    folder = await makeDatabaseFolder();
    const dataFolder = join(folder, 'data');
    server = ServeProcess.spawn(dataFolder, await freePort());
    await server.ready();
    const { ownerPassword, port } = JSON.parse(await readFile(join(dataFolder, 'postgres.json'), 'utf8')) as {
      ownerPassword: string;
      port: number;
    };
    ownerUrl = `postgresql://attune_owner:${ownerPassword}@127.0.0.1:${port}/attune`;
    const accounts = JSON.parse(await readFile(join(dataFolder, 'demo-accounts.json'), 'utf8')) as {
      institution: string;
      teacher: { email: string; password: string };
      admin: { email: string; password: string };
    };
    admin = new AttuneClient({ url: server.url });
    await admin.signIn({ institution: accounts.institution, ...accounts.admin });
    place = await prepareClass(accounts);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** The demo course, with its drawing as an assignment. */
  async function prepareClass(accounts: {
    institution: string;
    teacher: { email: string; password: string };
    admin: { email: string; password: string };
  }): Promise<ClassPlace> {
    const { courses } = await admin.graphql(operations.courses, { first: 1, after: null });
    const courseId = courses.edges[0]!.node.id;
    const teacher = new AttuneClient({ url: server.url });
    await teacher.signIn({ institution: accounts.institution, ...accounts.teacher });
    const token = await teacher.accessToken();
    const drawings = await graphql(
      server.url,
      'query ($id: UUID!) { course(id: $id) { activities(kind: "visual-assignment") { edges { node { id } } } } }',
      { token, variables: { id: courseId } },
    );
    const activityId = drawings.data!['course'].activities.edges[0].node.id as string;
    const input = { id: newId(), courseId, activityId, title: 'Label the cell' };
    const created = await graphql(server.url, createAssignment, { token, variables: { input } });
    const { institution, admin: account } = accounts;
    const assignmentId = created.data!['createAssignment'].id as string;
    return { url: server.url, institution, admin: account, courseId, assignmentId };
  }

  const parts: { who: string; pid: () => Promise<number>; back: string }[] = [
    { who: 'the API', pid: async () => (await server.parts())[0]!, back: 'API        is back' },
    { who: 'the worker', pid: async () => (await server.parts())[1]!, back: 'Worker     is back' },
    { who: 'PostgreSQL', pid: () => server.postgres(), back: 'PostgreSQL is back' },
  ];

  it.for(parts.map((part) => [part.who, part] as const))(
    'of %s loses nothing, does nothing twice, and no learner notices',
    async ([, { pid, back }], { skip }) => {
      skip(!built, 'not built: npm test builds first');
      const learners = await Promise.all(
        Array.from({ length: learnersInClass }, () => ClassLearner.join(place, admin)),
      );
      let going = true;
      const lessons = learners.map((learner) => learner.learn(() => going));
      await eventually(() => learners.every(({ acknowledged }) => acknowledged.length >= 12), patience);

      process.kill(await pid(), 'SIGKILL');
      await server.shows(back);
      const before = learners.map(({ acknowledged }) => acknowledged.length);
      await eventually(
        () =>
          learners.every(
            ({ acknowledged, problems }, index) => acknowledged.length >= before[index]! + 10 || problems.length > 0,
          ),
        patience,
      );
      going = false;
      await Promise.all(lessons);

      expect(learners.flatMap(({ problems }) => problems)).toEqual([]);
      for (const learner of learners) {
        await expectResponses(learner);
        expect(learner.heard, 'events heard once and in order').toEqual(
          learner.heard.map((_, index) => learner.heard[0]! + index),
        );
      }
      await expectMastery();
      await expectScores(learners.flatMap(({ submitted }) => submitted));
    },
  );

  /** Each acknowledged response is stored once, under its number, and the numbers have no gap. */
  async function expectResponses({ id, acknowledged }: ClassLearner): Promise<void> {
    const stored = await query<{ id: string; sequence: number }>(
      ownerUrl,
      `SELECT r.id, r.sequence FROM responses r JOIN learner_states l ON l.pseudonym = r.pseudonym
       WHERE l.learner_id = $1 ORDER BY r.sequence`,
      [id],
    );
    expect(stored.map(({ sequence }) => sequence)).toEqual(stored.map((_, index) => index + 1));
    expect(acknowledged.map(({ responseId, sequence }) => ({ id: responseId, sequence }))).toEqual(stored);
  }

  /** What is known of everybody follows from the responses, in their order, and from nothing else. */
  async function expectMastery(): Promise<void> {
    const { code, stdout } = await attune(['rebuild', 'mastery', '--check', '--json'], { DATABASE_URL: ownerUrl });
    const [checked] = JSON.parse(stdout) as { learners: number; responses: number; changed: number }[];
    expect(checked).toMatchObject({ changed: 0 });
    expect(checked!.learners).toBeGreaterThanOrEqual(learnersInClass);
    expect(checked!.responses).toBeGreaterThanOrEqual(learnersInClass * 12);
    expect(code).toBe(0);
  }

  /** Each piece of work gets one automatic score, and no job is left over. */
  async function expectScores(submissionIds: string[]): Promise<void> {
    expect(submissionIds.length).toBeGreaterThanOrEqual(learnersInClass);
    const scores = async (): Promise<{ scores: number; state: string }[]> =>
      query(
        ownerUrl,
        `SELECT s.state, (SELECT count(*)::int FROM scores c WHERE c.submission_id = s.id AND c.source = 'automatic') AS scores
         FROM submissions s WHERE s.id = ANY($1::uuid[])`,
        [submissionIds],
      );
    await eventually(
      async () => (await scores()).every(({ state }) => state === 'graded' || state === 'needs-review'),
      patience,
    );
    // A job whose end was lost with the connection is done once more, to no effect: only then is it seen that nothing is twice.
    const left = (): Promise<{ name: string; state: string }[]> =>
      query(
        ownerUrl,
        `SELECT name, state FROM pgboss.job WHERE state IN ('created', 'retry', 'active', 'failed') OR name = 'poison'`,
      );
    await eventually(
      async () => (await left()).every(({ name, state }) => name === 'poison' || state === 'failed'),
      patience,
    );
    expect(await left()).toEqual([]);
    const graded = await scores();
    expect(graded).toHaveLength(submissionIds.length);
    expect(graded.filter((row) => row.scores !== 1)).toEqual([]);
  }
});
