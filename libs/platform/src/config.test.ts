import { describe, expect, it } from 'vitest';
import { parseConfig } from './config.js';

const proxiesOf = (text: string | undefined): unknown =>
  parseConfig({ DATABASE_APP_URL: 'postgresql://x', ATTUNE_SECRET: 'x'.repeat(32), TRUST_PROXY: text }).TRUST_PROXY;

describe('TRUST_PROXY', () => {
  it('trusts nobody unless it is said how many, or whom', () => {
    expect(proxiesOf(undefined)).toBe(0);
    expect(proxiesOf('2')).toBe(2);
    expect(proxiesOf('10.0.0.2, 10.1.0.0/16,2001:db8::/32')).toEqual(['10.0.0.2', '10.1.0.0/16', '2001:db8::/32']);
  });

  it.each(['true', 'yes', '-1', '99', 'proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.1,', '1/2/3'])(
    'refuses %s, which would believe everybody or nobody knows whom',
    (text) => {
      expect(() => proxiesOf(text)).toThrow(/TRUST_PROXY: is a number from 0 to 9/);
    },
  );
});
