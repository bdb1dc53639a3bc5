import { describe, expect, it } from 'vitest';
import { Turns } from './turns.js';

describe('turns', () => {
  it('let so many work, so many wait, and turn away the rest', async () => {
    const turns = new Turns(2, 1);
    const finish: (() => void)[] = [];
    let working = 0;
    let most = 0;
    const work = async (): Promise<string> => {
      most = Math.max(most, ++working);
      await new Promise<void>((resolve) => finish.push(resolve));
      working--;
      return 'done';
    };
    const [one, two, three] = [turns.take(work), turns.take(work), turns.take(work)];
    expect(await turns.take(work)).toBeNull();
    expect(most).toBe(2);
    finish.shift()!();
    expect(await one).toBe('done');
    await Promise.resolve();
    expect(finish).toHaveLength(2);
    finish.splice(0).forEach((end) => end());
    expect(await Promise.all([two, three])).toEqual(['done', 'done']);
    expect(most).toBe(2);
  });

  it('go on after one that failed', async () => {
    const turns = new Turns(1, 1);
    await expect(turns.take(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turns.take(() => Promise.resolve('next'))).toBe('next');
  });
});
