import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { startTestApi } from '../support/api.js';

it('an API that stops waits for no connection on which nothing has come', { timeout: 30_000 }, async () => {
  const api = await startTestApi();
  const { hostname, port } = new URL(api.url);
  const unused = connect(Number(port), hostname);
  const gone = once(unused, 'close');
  await once(unused, 'connect');
  // So that the server has it too.
  expect((await fetch(`${api.url}/health/live`)).ok).toBe(true);
  const started = performance.now();
  await api.close();
  await gone;
  expect(performance.now() - started).toBeLessThan(10_000);
});
