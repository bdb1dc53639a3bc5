import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { io } from 'socket.io-client';
import { dangerousSystemActor, ManageApiKeys, ManageUsers } from '#libs/identity';
import { ManageEnrolments } from '#libs/learning';
import type { RunningPart } from '#libs/platform';
import { ask, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { aCourse } from '../support/course.js';
import { Device, eventually } from '../support/device.js';
import { databaseUrl, query } from '../support/postgres-client.js';
import { expectOk, foundSchool, type School } from '../support/school.js';
import { drawPicture, markAt, setAssignment, upload } from '../support/work.js';
import { startTestWorker } from '../support/worker.js';

/** What nobody but its owner may read; each word stands in the logs' way once. */
const mark = `sentinel${randomBytes(6).toString('hex')}`;
const secret = {
  name: `${mark}name`,
  email: `${mark}email@school.example`,
  password: `${mark}password`,
  wrongPassword: `${mark}wrong-password`,
  answer: `${mark}answer`,
  label: `${mark}label`,
  reason: `${mark}reason`,
} as const;

describe('a learner’s whole session at LOG_LEVEL=trace', () => {
  const lines: string[] = [];
  const written: string[] = [];
  const credentials: string[] = [];
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  const originals = { out: process.stdout.write, error: process.stderr.write };

  beforeAll(async () => {
    // What bypasses the logger counts too.
    process.stdout.write = ((text: string | Uint8Array) => void written.push(String(text))) as never;
    process.stderr.write = ((text: string | Uint8Array) => void written.push(String(text))) as never;
    try {
      const settings = { LOG_LEVEL: 'trace' };
      const log = { write: (line: string) => void lines.push(line) };
      api = await startTestApi(settings, undefined, log);
      worker = await startTestWorker(api.database, settings, log);
      school = await foundSchool(api.app, 'private-school', textCourse());
      await liveThroughEverything();
      await Promise.all([api.stop(), worker.close()]);
    } finally {
      Object.assign(process.stdout, { write: originals.out });
      Object.assign(process.stderr, { write: originals.error });
    }
  }, 120_000);
  afterAll(() => api?.database.drop());

  it('is logged', () => {
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.some((line) => line.includes('"msg":"request"'))).toBe(true);
    expect(lines.some((line) => line.includes('"msg":"job completed"'))).toBe(true);
    expect(lines.some((line) => line.includes('connection lost'))).toBe(true);
  });

  it('leaves nothing personal in the logs of the API and the worker', () => {
    for (const line of [...lines, ...written]) {
      expect(line.toLowerCase()).not.toContain(mark);
      for (const credential of credentials) expect(line).not.toContain(credential);
    }
  });

  it('leaves nothing personal in the log of PostgreSQL', async () => {
    const log = await readFile(inject('postgres').logFile, 'utf8');
    expect(log).toContain('terminating connection');
    expect(log.toLowerCase()).not.toContain(mark);
    for (const credential of credentials) expect(log).not.toContain(credential);
  });

  /** A day of a learner on which everything happens, the mishaps too. */
  async function liveThroughEverything(): Promise<void> {
    const learnerId = await join();
    const token = await comeIn();
    await graphql(api.url, '{ viewer { name email } }', { token });
    await learn(token);
    await submitDrawing(token);
    await sendNonsense(token);
    await loseDatabase(token);
    await graphql(api.url, 'mutation { signOut(everywhere: true) { __typename } }', { token });
    expect(learnerId).toBeTruthy();
  }

  async function join(): Promise<string> {
    const system = dangerousSystemActor(school.institutionId);
    const user = {
      id: newId(),
      name: secret.name,
      email: secret.email,
      password: secret.password,
      language: 'en',
      roles: ['student' as const],
    };
    const users = api.app.get(ManageUsers, { strict: false });
    expectOk(await users.create(system, user));
    await users.create(system, { ...user, id: newId() }); // the address is taken
    const enrolment = { courseId: school.courseId, userId: user.id, role: 'learner' as const };
    expectOk(await api.app.get(ManageEnrolments, { strict: false }).enrol(system, enrolment));
    const created = expectOk(
      await api.app.get(ManageApiKeys, { strict: false }).create(system, { name: `${mark}key`, expiresAt: null }),
    );
    credentials.push(created.secret, created.secret.slice(-43)); // its random part, which may hold any `_` itself
    const exchange = 'mutation ($key: String!) { exchangeApiKey(apiKey: $key) { ... on Tokens { accessToken } } }';
    const answer = await graphql(api.url, exchange, { variables: { key: created.secret } });
    credentials.push(answer.data!['exchangeApiKey'].accessToken as string);
    return user.id;
  }

  async function comeIn(): Promise<string> {
    const signIn = `mutation ($input: SignInInput!) { signIn(input: $input) {
      __typename ... on Tokens { accessToken refreshToken } } }`;
    const input = { institution: school.slug, email: secret.email };
    await graphql(api.url, signIn, { variables: { input: { ...input, password: secret.wrongPassword } } });
    const answer = await graphql(api.url, signIn, { variables: { input: { ...input, password: secret.password } } });
    const first = answer.data!['signIn'] as { accessToken: string; refreshToken: string };
    const renew = `mutation ($token: String!) { renewTokens(refreshToken: $token) {
      ... on Tokens { accessToken refreshToken } } }`;
    const renewed = await graphql(api.url, renew, { variables: { token: first.refreshToken } });
    const second = renewed.data!['renewTokens'] as { accessToken: string; refreshToken: string };
    credentials.push(first.accessToken, first.refreshToken, second.accessToken, second.refreshToken);
    return second.accessToken;
  }

  async function learn(token: string): Promise<void> {
    const device = await Device.connect(api.url, token);
    await device.openSession(school.courseId);
    for (const text of [secret.answer, `${secret.answer} \u0000`, `${secret.answer} 🧫`]) {
      const answer = { kind: 'text', text } as const;
      await ask(device.socket, '/learn', 'response.record', { ...device.nextResponse(), answer });
    }
    const { sessionId, activityId, at } = device.nextResponse();
    await ask(device.socket, '/learn', 'hint.request', { id: newId(), sessionId, activityId, at });
    device.close();
  }

  async function submitDrawing(token: string): Promise<void> {
    const assignmentId = await setAssignment(api.url, school, { stakes: 'graded' });
    const picture = await upload(api.url, token, await drawPicture());
    await upload(api.url, token, Buffer.from(`${mark} is no picture`));
    const device = await Device.connect(api.url, token);
    const submissionId = newId();
    await mustAsk(device.socket, '/learn', 'work.submit', {
      id: submissionId,
      assignmentId,
      marks: [markAt('left', secret.label), markAt('right', `${secret.label} too`)],
      fileId: picture.id,
      at: Date.now(),
    });
    const work = { id: newId(), assignmentId, at: Date.now() };
    await ask(device.socket, '/learn', 'work.submit', { ...work, marks: [markAt('left', `${secret.label} \u0000`)] });
    await eventually(async () => (await query(api.database.ownerUrl, 'SELECT 1 FROM scores')).length > 0, 20_000);
    const review = 'mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename } }';
    const input = { id: newId(), submissionId, reason: secret.reason, overrides: [] };
    await graphql(api.url, review, { token: school.teacher.token, variables: { input } });
    device.close();
  }

  async function sendNonsense(token: string): Promise<void> {
    const documents = [
      `{ viewer { ${mark} } }`,
      `{ viewer(${mark}: "x") { id } }`,
      `{ "${mark}`,
      `query ($${mark}: UUID!) { session(id: $${mark}) { id } }`,
      `{ session(id: "${mark}") { id } }`,
    ];
    for (const document of documents) await graphql(api.url, document, { token, variables: { [mark]: mark } });
    const send = (path: string, init: RequestInit): Promise<unknown> => fetch(api.url + path, init);
    const json = { 'content-type': 'application/json' };
    await send('/graphql', { method: 'POST', headers: json, body: `{"query": "${mark}` });
    await send('/graphql', { method: 'POST', headers: json, body: JSON.stringify({ query: mark.repeat(100_000) }) });
    await send(`/${mark}/nowhere?token=${mark}`, { headers: { authorization: `Bearer ${mark}`, cookie: mark } });
    await send(`/uploads/${mark}`, { method: 'PUT', headers: { 'content-type': mark }, body: mark });
    await send('/health/live', { headers: { traceparent: mark, 'x-forwarded-for': mark } });
    for (const auth of [{ token: mark }, { token: { mark } }, { [mark]: mark }]) {
      const stranger = io(`${api.url}/learn`, { auth, transports: ['websocket'], forceNew: true, reconnection: false });
      await new Promise((resolve) => stranger.once('connect_error', resolve));
    }
    const device = await Device.connect(api.url, token);
    for (const name of [mark, 'response.record', 'work.submit', 'token.renew', 'session.open']) {
      await device.socket.timeout(5_000).emitWithAck(name, { [mark]: mark, accessToken: mark, id: mark });
    }
    device.close();
  }

  async function loseDatabase(token: string): Promise<void> {
    const device = await Device.connect(api.url, token);
    await device.openSession(school.courseId);
    const name = new URL(api.database.ownerUrl).pathname.slice(1);
    const answers = Array.from({ length: 8 }, () =>
      ask(device.socket, '/learn', 'response.record', {
        ...device.nextResponse(),
        answer: { kind: 'text', text: secret.answer },
      }),
    );
    await query(
      databaseUrl(inject('postgres').superuserUrl, name),
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid()',
      [name],
    );
    await Promise.all(answers);
    await sleep(2_000);
    device.close();
  }
});

/** The small course, with words for answers. */
function textCourse() {
  const folder = aCourse();
  const inWords = {
    form: { kind: 'text', maxLength: 200 },
    key: { kind: 'text', accepted: ['yes'] },
    misconceptions: [],
  };
  const activities = folder.activities.map((activity) => {
    const head = activity.head as { kind: string };
    return head.kind === 'exercise' ? { ...activity, head: { ...head, ...inWords } } : activity;
  });
  return { ...folder, activities };
}
