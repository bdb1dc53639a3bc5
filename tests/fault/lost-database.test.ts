import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, connect, graphql, newId, startTestApi, type GraphqlAnswer } from '../support/api.js';
import { forkApi, type ApiProcess } from '../support/api-process.js';
import { Device, eventually } from '../support/device.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, testPassword, type Person, type School } from '../support/school.js';
import { drawPicture, rightMarks, setAssignment, upload } from '../support/work.js';
import { ended, forkWorker } from '../support/worker.js';

/** How long everything may take to come back, in milliseconds. */
const patience = 30_000;

describe('when the database is lost', () => {
  let postgres: OwnPostgres;
  let api: ApiProcess;
  let worker: ChildProcess;
  let school: School;
  let assignmentId: string;
  let learners: Person[];

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    const founding = await startTestApi({}, postgres.database);
    school = await foundSchool(founding.app, 'lost-school');
    assignmentId = await setAssignment(founding.url, school);
    learners = [await school.join('student', 'learner'), await school.join('student', 'learner')];
    await founding.stop();
    api = await forkApi(postgres.database);
    worker = await forkWorker(postgres.database, { LOG_LEVEL: 'silent' });
  }, 120_000);
  afterAll(async () => {
    for (const child of [api?.child, worker]) {
      child?.kill('SIGTERM');
      if (child) await ended(child);
    }
    await postgres?.destroy();
  });

  const signIn = (person: Person): Promise<GraphqlAnswer> =>
    graphql(api.url, 'mutation ($input: SignInInput!) { signIn(input: $input) { __typename } }', {
      variables: { input: { institution: school.slug, email: person.email, password: testPassword } },
    });
  const statusOf = async (path: string): Promise<number> => (await fetch(api.url + path)).status;

  /** Everything that can be asked is refused in the same way, and nothing ends. */
  async function expectUnavailable(device: Device, learner: Person): Promise<void> {
    const { socket } = device;
    const unavailable = { code: 'UNAVAILABLE' };
    expect(await ask(socket, '/learn', 'response.record', device.nextResponse())).toMatchObject(unavailable);
    expect(await ask(socket, '/learn', 'events.catch-up', { after: 0 })).toMatchObject(unavailable);
    const work = { id: newId(), assignmentId, marks: rightMarks, at: Date.now() };
    expect(await ask(socket, '/learn', 'work.submit', work)).toMatchObject(unavailable);
    const answer = { status: 503, errors: [{ extensions: unavailable }] };
    expect(await graphql(api.url, '{ viewer { id } }', { token: learner.token })).toMatchObject(answer);
    expect(await signIn(learner)).toMatchObject(answer);
    expect(await upload(api.url, learner.token, await drawPicture())).toMatchObject({
      status: 503,
      answer: unavailable,
    });
    await expect(connect(api.url, '/learn', learner.token)).rejects.toThrow('UNAVAILABLE');
    expect(await statusOf('/health/ready')).toBe(503);
    expect(await statusOf('/health/live')).toBe(200);
    expect(await statusOf('/metrics')).toBe(200);
    expect(socket.connected).toBe(true);
  }

  const ways = [
    { how: 'is stopped', lose: () => postgres.stop() },
    { how: 'crashes', lose: () => postgres.kill() },
  ];
  it.for(ways.map((way) => [way.how, way] as const))(
    'because it %s, every request says so, and all comes back with it',
    async ([, { lose }]) => {
      const learner = learners.shift()!;
      const device = await Device.connect(api.url, learner.token);
      await device.openSession(school.courseId);
      await device.respond();

      await lose();
      await expectUnavailable(device, learner);

      await postgres.start();
      await eventually(async () => (await statusOf('/health/ready')) === 200, patience);
      const response = device.nextResponse();
      expect(await ask(device.socket, '/learn', 'response.record', response)).toMatchObject({ sequence: 2 });

      // The line to the events is there again: what happens on another device is heard on this one.
      await device.hears('events.interrupted', patience);
      const other = await Device.connect(api.url, learner.token);
      other.goOnFrom(device);
      expect(await other.respond()).toMatchObject({ sequence: 3 });
      await device.hearsNumber((await device.catchUp(null)).cursor, patience);

      // The worker takes jobs again, and tells of them: by the event, or, while its own line is not there again, by
      // asking to catch up, which brings it.
      const { cursor } = await device.catchUp(null);
      const before = device.heard.length;
      const submissionId = newId();
      const work = { id: submissionId, assignmentId, marks: rightMarks, at: Date.now() };
      expect(await ask(device.socket, '/learn', 'work.submit', work)).toMatchObject({ kind: 'submitted' });
      await eventually(async () => {
        const told = device.heard.slice(before).map(({ type }) => type);
        if (told.includes('score.settled')) return true;
        if (!told.includes('events.interrupted')) return false;
        return (await device.catchUp(cursor)).events.some(({ type }) => type === 'score.settled');
      }, patience);
      const scores = await query(postgres.database.ownerUrl, 'SELECT 1 FROM scores WHERE submission_id = $1', [
        submissionId,
      ]);
      expect(scores).toHaveLength(1);

      expect(api.child.exitCode).toBeNull();
      expect(worker.exitCode).toBeNull();
      for (const one of [device, other]) one.close();
    },
  );
});
