import { describe, expect, it } from 'vitest';
import { AttuneFailure, noAnswer } from './attune-failure.js';
import { RequestQueue, type RequestLine } from './request-queue.js';

const refused = { kind: 'failure', code: 'UNAUTHENTICATED', message: 'The access token has expired.' };

/** A line whose token has ended, and that is given another one after some failures. */
function aLine(failures: Error[]): RequestLine & { renewals: number } {
  let isGood = false;
  return {
    renewals: 0,
    send: (_request, _body, answered) => answered(isGood ? { kind: 'recorded' } : refused),
    async renewToken() {
      this.renewals++;
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      isGood = true;
    },
  };
}

const aQueue = (line: RequestLine): RequestQueue => {
  const queue = new RequestQueue(line, { attemptMs: 10_000, patienceMs: 10_000 });
  queue.up();
  return queue;
};

describe('RequestQueue', () => {
  it('keeps a request while its token cannot be renewed for the moment', async () => {
    const line = aLine([noAnswer('The server starts.'), new Error('socket has been disconnected')]);
    expect(await aQueue(line).ask('response.record', { id: 'a' }, Infinity)).toEqual({ kind: 'recorded' });
    expect(line.renewals).toBe(3);
  });

  it('gives a request up when the sign-in has ended', async () => {
    const line = aLine([new AttuneFailure('WRONG_CREDENTIALS', 'This sign-in has ended.')]);
    await expect(aQueue(line).ask('response.record', { id: 'a' }, Infinity)).rejects.toMatchObject({
      code: 'WRONG_CREDENTIALS',
    });
    expect(line.renewals).toBe(1);
  });
});
