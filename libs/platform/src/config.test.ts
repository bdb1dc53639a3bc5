import { describe, expect, it } from 'vitest';
import { headersOfServers, parseConfig, type Config } from './config.js';

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

describe('INFERENCE_SERVERS', () => {
  const settings = (more: Record<string, string>): Config =>
    parseConfig({ DATABASE_APP_URL: 'postgresql://x', ATTUNE_SECRET: 'x'.repeat(32), ...more });

  it('are URLs, none unless they are named, and a token that goes with all of them', () => {
    expect(settings({})).toMatchObject({ INFERENCE_SERVERS: [] });
    expect(headersOfServers(settings({}))).toEqual({});
    const named = settings({ INFERENCE_SERVERS: 'http://a:8000, https://b/v,', INFERENCE_TOKEN: 'abc.def' });
    expect(named.INFERENCE_SERVERS).toEqual(['http://a:8000', 'https://b/v']);
    expect(headersOfServers(named)).toEqual({ authorization: 'Bearer abc.def' });
  });

  it.each([
    ['triton:8000', 'the URL number 1 is none'],
    ['http://a,file:///etc', 'the URL number 2 is none'],
    ['http://me:hidden@a', 'say who you are by INFERENCE_TOKEN'],
    ['http://a?key=hidden', 'has a ? or a # in it'],
    ['http://a,http://a', 'names a server twice'],
    [Array.from({ length: 17 }, (_, i) => `http://a${i}`).join(','), 'at most 16'],
  ])('refuse %s, without saying what it was', (text, message) => {
    expect(() => settings({ INFERENCE_SERVERS: text })).toThrow(message);
    expect(() => settings({ INFERENCE_SERVERS: text })).not.toThrow(/hidden/);
  });

  it('take no token that would be more than one header', () => {
    const wrong = (): Config => settings({ INFERENCE_TOKEN: 'hidden\r\nX-Evil: 1' });
    expect(wrong).toThrow(/INFERENCE_TOKEN: is one word of ASCII/);
    expect(wrong).not.toThrow(/hidden/);
  });
});
