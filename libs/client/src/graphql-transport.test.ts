import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { GraphqlTransport } from './graphql-transport.js';
import { operation } from './operations/operation.js';

const viewer = operation<{ viewer: { id: string } }>('query Viewer { viewer { id } }');

const well = { data: { viewer: { id: 'a' } } };
const refused = (code: string, retryAfterSeconds?: number): object => ({
  errors: [{ message: 'Not now.', extensions: { code, retryAfterSeconds } }],
});

describe('GraphqlTransport', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  /** A server that gives these answers in turn, and the number of those that are left. */
  async function answering(...answers: object[]): Promise<{ transport: GraphqlTransport; left: () => number }> {
    server = createServer((_, response) => response.end(JSON.stringify(answers.shift())));
    await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      transport: new GraphqlTransport(`http://127.0.0.1:${port}/graphql`, 5_000),
      left: () => answers.length,
    };
  }

  it('asks again after a passing refusal, and not before the server wants it', async () => {
    const { transport } = await answering(refused('BUSY'), refused('RATE_LIMITED', 2), well);
    const started = performance.now();
    expect(await transport.send(viewer, {}, null)).toEqual(well.data);
    expect(performance.now() - started).toBeGreaterThanOrEqual(2_290);
  });

  it.each([
    ['asks for a long wait', refused('RATE_LIMITED', 60)],
    ['is of the act itself', { data: { viewer: { __typename: 'TooMuch', code: 'RATE_LIMITED', message: 'No.' } } }],
  ])('tells at once what %s', async (_, answer) => {
    const { transport, left } = await answering(answer, well);
    await expect(transport.send(viewer, {}, null)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(left()).toBe(1);
  });

  it('tells at once what would be refused again', async () => {
    const { transport, left } = await answering(refused('FORBIDDEN'), well);
    await expect(transport.send(viewer, {}, null)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect(left()).toBe(1);
  });
});
