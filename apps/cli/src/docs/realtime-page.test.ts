import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { eventPart, requestPart } from './realtime-page.js';

describe('the reference of the sockets', () => {
  it('says what an event tells', () => {
    const entry = { description: 'Something happened.', payload: z.object({ id: z.string() }) };
    expect(eventPart(entry, true)).toMatch(/^Something happened\.\n\nStreamed\.\n\n\| payload/);
  });

  it('gives the notice of what will be gone first', () => {
    const deprecated = 'Asks too much. Use `other.request`, gone after 2028-01-31.';
    const entry = { description: 'Asks.', deprecated, request: z.object({}), answer: z.object({}) };
    expect(requestPart(entry)).toMatch(/^\*\*Deprecated\.\*\* Asks too much\. Use `other\.request`.*\n\nAsks\.\n/);
  });
});
