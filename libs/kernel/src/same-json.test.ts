import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameJson } from './same-json.js';

describe('sameness as JSON', () => {
  it('does not mind the order of fields, nor fields that are undefined', () => {
    expect(isSameJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null, d: undefined }], a: 1 })).toBe(true);
  });

  it.each([
    [1, '1'],
    [
      [1, 2],
      [2, 1],
    ],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ a: 1 }, { b: 1 }],
    [[], {}],
    [null, {}],
    [null, undefined],
  ])('tells %j from %j', (a, b) => {
    expect(isSameJson(a, b)).toBe(false);
    expect(isSameJson(b, a)).toBe(false);
  });

  it('is what JSON says when it is written and read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
        expect(isSameJson(value, JSON.parse(JSON.stringify(value)))).toBe(true);
        const isEqual = isSameJson(value, other);
        expect(isSameJson(other, value)).toBe(isEqual);
        if (JSON.stringify(value) === JSON.stringify(other)) expect(isEqual).toBe(true);
      }),
    );
  });
});
