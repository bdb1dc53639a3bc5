import { describe, expect, it } from 'vitest';
import { Turnstile } from './turnstile.js';

/** A work that goes on until it is told to end. */
function aWork(): { work: () => Promise<string>; begun: () => boolean; end: (how?: Error) => void } {
  let begun = false;
  let settle!: (how?: Error) => void;
  const ended = new Promise<string>((resolve, reject) => {
    settle = (how) => (how === undefined ? resolve('done') : reject(how));
  });
  const work = (): Promise<string> => {
    begun = true;
    return ended;
  };
  return { work, begun: () => begun, end: (how) => settle(how) };
}

const aMoment = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Turnstile', () => {
  it('lets works of one key go one after another, and those of other keys at once', async () => {
    const turnstile = new Turnstile(60_000);
    const [first, second, other] = [aWork(), aWork(), aWork()];
    const passed = [turnstile.pass('a', first.work), turnstile.pass('a', second.work), turnstile.pass('b', other.work)];
    await aMoment();
    expect([first, second, other].map(({ begun }) => begun())).toEqual([true, false, true]);
    first.end();
    await aMoment();
    expect(second.begun()).toBe(true);
    for (const { end } of [second, other]) end();
    expect(await Promise.all(passed)).toEqual(['done', 'done', 'done']);
    await aMoment();
    expect(turnstile.size).toBe(0);
  });

  it('goes on after a work that fails', async () => {
    const turnstile = new Turnstile(60_000);
    const [first, second] = [aWork(), aWork()];
    const passed = [turnstile.pass('a', first.work), turnstile.pass('a', second.work)];
    first.end(new Error('failed'));
    second.end();
    expect((await Promise.allSettled(passed)).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    await aMoment();
    expect(turnstile.size).toBe(0);
  });

  it('refuses who has waited too long, and keeps the order of those behind', async () => {
    const turnstile = new Turnstile(10);
    const [first, second] = [aWork(), aWork()];
    const passed = turnstile.pass('a', first.work);
    await expect(turnstile.pass('a', second.work)).rejects.toMatchObject({ failure: { code: 'BUSY' } });
    expect(second.begun()).toBe(false);
    const third = aWork();
    const refused = turnstile.pass('a', third.work);
    await aMoment();
    expect(third.begun(), 'the first one is still at work').toBe(false);
    await expect(refused).rejects.toMatchObject({ failure: { code: 'BUSY' } });
    first.end();
    expect(await passed).toBe('done');
    await aMoment();
    await aMoment();
    expect(turnstile.size).toBe(0);
  });
});
