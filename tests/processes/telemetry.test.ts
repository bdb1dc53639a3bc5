import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '#libs/platform';
import { ask, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { Device, eventually } from '../support/device.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { startTraceReceiver, type TraceReceiver } from '../support/trace-receiver.js';
import { rightMarks, setAssignment } from '../support/work.js';
import { startTestWorker } from '../support/worker.js';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentSpanId = 'b7ad6b7169203331';

/** Everything happens first, the processes stop, and then the tests look at what the collector got. */
describe('with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let receiver: TraceReceiver;
  let api: TestApi;
  let worker: RunningPart;
  let school: School;
  let learner: Person;
  const beforeClosing: { spans: number } = { spans: 0 };

  beforeAll(async () => {
    receiver = await startTraceReceiver();
    const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url };
    api = await startTestApi(settings);
    worker = await startTestWorker(api.database, settings);
    school = await foundSchool(api.app, 'traced-school');
    learner = await school.join('student', 'learner');

    await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${learner.token}`,
        traceparent: `00-${traceId}-${parentSpanId}-01`,
      },
      body: JSON.stringify({ query: 'query Mine { me: viewer { ...Person } } fragment Person on Viewer { id name }' }),
    });
    await graphql(api.url, '{ viewer { id } mastery(courseId: "not an id") { skillId } }', { token: learner.token });
    await graphql(api.url, '{ viewer { id } }');
    const device = await Device.connect(api.url, learner.token);
    await device.openSession(school.courseId);
    await device.respond();
    await ask(device.socket, '/learn', 'session.close', { sessionId: newId() });
    device.socket.emit('an.unknown.request', {});
    const assignmentId = await setAssignment(api.url, school);
    const work = { id: newId(), assignmentId, marks: rightMarks, at: Date.now() };
    await mustAsk(device.socket, '/learn', 'work.submit', work);
    await eventually(async () => {
      const rows = await query(api.database.ownerUrl, 'SELECT 1 FROM scores');
      return rows.length > 0;
    }, 20_000);
    device.close();
    beforeClosing.spans = receiver.spans.length;
    await Promise.all([api.stop(), worker.close()]);
  }, 60_000);
  afterAll(async () => {
    await receiver?.close();
    await api?.database.drop();
  });

  const spansOf = (name: string) => receiver.spans.filter((span) => span.name === name);

  it('a GraphQL operation is one span, named after its root fields', () => {
    expect(spansOf('query viewer')).toHaveLength(2);
    expect(spansOf('query viewer')[0]).toMatchObject({
      service: 'attune-api',
      failed: false,
      attributes: { 'graphql.operation.type': 'query', 'attune.code': 'OK' },
    });
    expect(spansOf('query viewer')[1]).toMatchObject({
      failed: false,
      attributes: { 'attune.code': 'UNAUTHENTICATED' },
    });
    expect(spansOf('mutation createAssignment')).toHaveLength(1);
  });

  it('a caller’s trace goes on', () => {
    expect(spansOf('query viewer')[0]).toMatchObject({ traceId, parentSpanId });
    expect(spansOf('query viewer')[1]!.traceId).not.toBe(traceId);
  });

  it('a socket request is one span, with the code of its answer', () => {
    expect(spansOf('socket response.record')).toMatchObject([{ attributes: { 'attune.code': 'OK' } }]);
    expect(spansOf('socket session.close')).toMatchObject([{ attributes: { 'attune.code': 'NOT_FOUND' } }]);
    expect(spansOf('socket unknown')).toHaveLength(1);
    for (const { milliseconds } of receiver.spans) expect(milliseconds).toBeGreaterThanOrEqual(0);
  });

  it('a job is one span of the worker', () => {
    expect(spansOf('job grade-submission')).toMatchObject([
      { service: 'attune-worker', failed: false, attributes: { 'attune.attempt': 1, 'attune.outcome': 'completed' } },
    ]);
  });

  it('what was not sent yet is sent when a process stops', () => {
    expect(receiver.spans.length).toBeGreaterThan(beforeClosing.spans);
  });

  it('nothing in a trace tells of a person', () => {
    const sent = receiver.text();
    const personal = [
      learner.id,
      learner.email,
      learner.token,
      learner.refreshToken,
      'student 2',
      school.institutionId,
    ];
    for (const secret of personal) expect(sent).not.toContain(secret);
  });
});
