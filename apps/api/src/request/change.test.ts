import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { changeSchema } from './change.js';

describe('changeSchema', () => {
  const schema = changeSchema({ title: z.string().min(1), level: z.string().nullable() });

  it('leaves what is not said out of the change', () => {
    expect(schema.parse({ title: 'Botany' })).toEqual({ title: 'Botany' });
    expect(Object.keys(schema.parse({ title: 'Botany', level: undefined }))).toEqual(['title']);
    expect(schema.parse({})).toEqual({});
  });

  it('takes null for a value where the field may have none, and for nothing elsewhere', () => {
    expect(schema.parse({ title: null, level: null })).toEqual({ level: null });
  });

  it('refuses what is wrong, and what it does not know', () => {
    expect(schema.safeParse({ title: '' }).success).toBe(false);
    expect(schema.safeParse({ other: 1 }).success).toBe(false);
  });
});
