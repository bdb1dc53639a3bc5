import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { makeRunCode, readRunCode } from './run-code.js';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const rng = seededRng('codes');
const aSecret = (): string => Array.from({ length: 43 }, () => digits[Math.floor(rng() * 64)]).join('');

describe('the code of a run', () => {
  it('is read however it is typed, and nothing else is', () => {
    const code = makeRunCode(aSecret());
    expect(code).toMatch(/^[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}$/);
    for (const typed of [code, code.toLowerCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
      expect(readRunCode(typed)).toBe(code);
    }
    for (const typed of ['', 'K7QF', `${code}2`, code.replace(/^./, '0'), code.replace(/^./, 'é')]) {
      expect(readRunCode(typed)).toBeNull();
    }
  });

  it('has every character as often in every place', () => {
    const codes = Array.from({ length: 6_000 }, () => makeRunCode(aSecret()).replaceAll('-', ''));
    for (let place = 0; place < 12; place++) {
      const counts = new Map<string, number>();
      for (const code of codes) counts.set(code[place]!, (counts.get(code[place]!) ?? 0) + 1);
      expect(counts.size).toBe(30);
      // 200 each; six standard deviations to either side.
      for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(84);
    }
  });

  it('is not made of too little chance', () => {
    expect(() => makeRunCode('-'.repeat(43))).toThrow(RangeError);
  });
});
