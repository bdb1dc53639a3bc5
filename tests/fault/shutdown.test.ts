import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ask, graphql, startTestApi } from '../support/api.js';
import { forkApi, type ApiProcess } from '../support/api-process.js';
import { rightOption } from '../support/course.js';
import { closed, Device, eventually } from '../support/device.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { ended } from '../support/worker.js';

const recordResponse = `mutation ($input: RecordResponseInput!) { recordResponse(input: $input) {
  __typename ... on RecordedResponse { responseId } ... on Refusal { code } } }`;

describe('an API that is told to stop', () => {
  let postgres: OwnPostgres;
  let school: School;
  let api: ApiProcess;
  let overSocket: Person;
  let overHttp: Person;
  /** Holds what a response has to wait for. */
  let holder: pg.Client;

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    const founding = await startTestApi({}, postgres.database);
    school = await foundSchool(founding.app, 'closing-school');
    overSocket = await school.join('student', 'learner');
    overHttp = await school.join('student', 'learner');
    await founding.stop();
  }, 120_000);
  afterAll(() => postgres?.destroy());

  beforeEach(async () => {
    holder = new pg.Client({ connectionString: postgres.database.ownerUrl });
    await holder.connect();
  });
  afterEach(async () => {
    await holder.end();
    if (api.child.exitCode === null) api.child.kill('SIGKILL');
    await ended(api.child);
  });

  const readiness = async (): Promise<number> => (await fetch(`${api.url}/health/ready`)).status;

  /** A device in an open session. */
  async function enter(person: Person): Promise<Device> {
    const device = await Device.connect(api.url, person.token);
    await device.openSession(school.courseId);
    return device;
  }

  /** Sends a response over GraphQL. */
  function respondByGraphql(
    { answer, at, ...response }: ReturnType<Device['nextResponse']>,
    person: Person,
  ): ReturnType<typeof graphql> {
    const input = {
      ...response,
      answer: answer.kind === 'done' ? { done: true } : { choice: rightOption },
      at: new Date(at).toISOString(),
    };
    return graphql(api.url, recordResponse, { token: person.token, variables: { input } });
  }

  /** Responses that wait, one over a socket and one over HTTP; they go on when the holder lets go. */
  async function waitingResponses() {
    const device = await enter(overSocket);
    const other = await enter(overHttp);
    await holder.query('BEGIN; SELECT FROM learner_states FOR UPDATE');
    const answers = [
      ask(device.socket, '/learn', 'response.record', device.nextResponse()),
      respondByGraphql(other.nextResponse(), overHttp),
    ];
    await eventually(async () => {
      const [waiting] = await query<{ number: number }>(
        postgres.superuserUrl,
        `SELECT count(*)::int AS number FROM pg_stat_activity WHERE wait_event_type = 'Lock'`,
      );
      return waiting!.number === 2;
    });
    other.close();
    return { device, answers: Promise.all(answers) };
  }

  it('says first that it is going, still serves, answers what was let in, and ends', async () => {
    api = await forkApi(postgres.database, { SHUTDOWN_DELAY_SECONDS: '1' });
    const { device, answers } = await waitingResponses();
    const gone = closed(device.socket, 8_000);
    const exit = ended(api.child);
    api.child.kill('SIGTERM');
    await eventually(async () => (await readiness()) === 503, 900);
    expect(await graphql(api.url, '{ viewer { id } }', { token: overHttp.token })).toMatchObject({ status: 200 });
    expect(await ask(device.socket, '/learn', 'events.catch-up', { after: null })).toMatchObject({ kind: 'caught-up' });

    await sleep(1_500);
    expect(await ask(device.socket, '/learn', 'events.catch-up', { after: null })).toMatchObject({
      code: 'UNAVAILABLE',
    });
    await holder.query('COMMIT');
    const [socketAnswer, httpAnswer] = await answers;
    expect(socketAnswer).toMatchObject({ kind: 'recorded' });
    expect(httpAnswer).toMatchObject({ status: 200, data: { recordResponse: { __typename: 'RecordedResponse' } } });
    // A lost network, to the client: it comes back by itself, to another process.
    expect(await gone).toBe('transport close');
    expect(await exit).toBe(0);
    await expect(readiness()).rejects.toThrow('fetch failed');
  });

  it('loses nothing when it stops at once in the middle of a class', async () => {
    api = await forkApi(postgres.database);
    const devices = [await enter(overSocket), await enter(overHttp)];
    const acknowledged: string[] = [];
    const unanswered: string[] = [];
    const classroom = devices.map(async (device) => {
      while (device.socket.connected) {
        const response = device.nextResponse();
        const answer = await ask(device.socket, '/learn', 'response.record', response).catch(() => null);
        if (answer === null) unanswered.push(response.id);
        else if (answer.kind === 'recorded') acknowledged.push(response.id);
        else expect(answer).toMatchObject({ code: 'UNAVAILABLE' });
      }
    });
    const overGraphql = (async () => {
      for (;;) {
        const response = devices[1]!.nextResponse();
        const answer = await respondByGraphql(response, overHttp).catch(() => null);
        if (answer === null) {
          unanswered.push(response.id);
          return;
        }
        expect(answer).toMatchObject({ status: 200, data: { recordResponse: { __typename: 'RecordedResponse' } } });
        acknowledged.push(response.id);
      }
    })();
    await eventually(() => acknowledged.length >= 20, 10_000);
    api.child.kill('SIGTERM');
    expect(await ended(api.child)).toBe(0); // 1 would be the end of its patience
    await Promise.all([...classroom, overGraphql]);
    const stored = async (ids: string[]): Promise<number> => {
      const rows = await query(postgres.database.ownerUrl, 'SELECT FROM responses WHERE id = ANY($1::uuid[])', [ids]);
      return rows.length;
    };
    expect(await stored(acknowledged)).toBe(acknowledged.length);
    // What was on its way while the line was closed was not let in.
    expect(await stored(unanswered)).toBe(0);
  });
});
