import { fork } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import autocannon from 'autocannon';
import { connectClass } from './support/class.js';
import { median, round } from './support/measure.js';
import { newId, Stage } from './support/stage.js';

const connections = 20;
const seconds = Number(process.env['SECONDS'] ?? 6);
const runs = Number(process.env['RUNS'] ?? 3);

interface Load {
  readonly name: string;
  readonly url: string;
  readonly token?: string;
  readonly query: string;
  readonly variables?: Record<string, unknown>;
}

/** `nextActivity` and a listing of 20 activities over HTTP, beside a bare Mercurius "hello", in turn. */
const stage = await Stage.open({ learners: 20 });
const hello = fork(join(import.meta.dirname, 'support/hello-server.js'), { execArgv: [] });
try {
  const helloUrl = await new Promise<string>((resolve) =>
    hello.once('message', ({ url }: { url: string }) => resolve(url)),
  );
  const url = await stage.startApi({ GRAPHQL_OPERATIONS_PER_SECOND: '1000000' });
  const [learner] = await connectClass(stage, url, 1);
  const token = stage.learners[0]!.token;
  const sessionId = newId();
  const opened = await send({
    name: 'open',
    url,
    token,
    query: 'mutation ($input: OpenSessionInput!) { openSession(input: $input) { __typename } }',
    variables: { input: { id: sessionId, courseId: stage.course.id, at: new Date().toISOString() } },
  });
  if (!opened.includes('OpenedSession')) throw new Error(opened);
  learner!.socket.close();

  const loads: Load[] = [
    { name: 'hello', url: helloUrl, query: '{ hello }' },
    {
      name: 'nextActivity',
      url,
      token,
      query: `query ($id: UUID!) { nextActivity(sessionId: $id) { decisionId because activity { activityId version title body form { kind options { id text } } } } }`,
      variables: { id: sessionId },
    },
    {
      name: 'listing of 20',
      url,
      token,
      query: `query ($id: UUID!) { course(id: $id) { title learnerActivities(first: 20) { edges { node { activityId title kind minutes skillIds } } pageInfo { hasNextPage endCursor } } } }`,
      variables: { id: stage.course.id },
    },
  ];
  for (const load of loads) {
    const answer = await send(load);
    if (answer.includes('"errors"')) throw new Error(`${load.name}: ${answer}`);
  }
  const rates = new Map<string, number[]>();
  const p99 = new Map<string, number[]>();
  for (let run = 0; run <= runs; run++) {
    for (const load of loads) {
      const result = await autocannon({
        url: `${load.url}/graphql`,
        connections,
        duration: run === 0 ? 3 : seconds,
        method: 'POST',
        headers: headersOf(load),
        body: JSON.stringify({ query: load.query, variables: load.variables }),
      });
      if (result.non2xx > 0 || result.errors > 0)
        throw new Error(`${load.name}: ${result.non2xx + result.errors} failed`);
      if (run === 0) continue; // warm-up
      rates.set(load.name, [...(rates.get(load.name) ?? []), result.requests.average]);
      p99.set(load.name, [...(p99.get(load.name) ?? []), result.latency.p99]);
    }
  }
  const base = median(rates.get('hello')!);
  for (const { name } of loads) {
    const rate = median(rates.get(name)!);
    console.log(
      `${name}: ${Math.round(rate)} requests/s (${round(rate / base)} of hello), p99 ${median(p99.get(name)!)} ms`,
    );
  }
} finally {
  // The load hangs up on what it waits for: the API ends that first, or its pool would be gone in the middle.
  await sleep(1_000);
  hello.disconnect();
  await stage.close();
}
process.exit(0);

function headersOf({ token }: Load): Record<string, string> {
  return { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
}

async function send(load: Load): Promise<string> {
  const body = JSON.stringify({ query: load.query, variables: load.variables });
  const response = await fetch(`${load.url}/graphql`, { method: 'POST', headers: headersOf(load), body });
  return response.text();
}
