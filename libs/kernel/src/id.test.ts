import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isId, makeId } from './id.js';

const moments = fc.integer({ min: 0, max: 2 ** 48 - 1 });
const chance = fc.uint8Array({ minLength: 10, maxLength: 10 });

describe('makeId', () => {
  it('makes lower-case version 7 UUIDs that sort by time', () => {
    fc.assert(
      fc.property(moments, moments, chance, chance, (a, b, randomA, randomB) => {
        const [first, second] = [makeId(a, randomA), makeId(b, randomB)];
        expect(isId(first)).toBe(true);
        expect(first[14]).toBe('7');
        if (a < b) expect(first < second).toBe(true);
      }),
    );
  });

  it('matches the example of RFC 9562, appendix A.6', () => {
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(makeId(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });
});

describe('isId', () => {
  it.each([
    '',
    'x',
    '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
    '00000000-0000-0000-0000-000000000000',
    "'; DROP TABLE users; --",
  ])('refuses %j', (text) => {
    expect(isId(text)).toBe(false);
  });
});
