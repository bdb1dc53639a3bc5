import type { Config } from '#libs/platform';

/**
 * Which web origins may call: those that are listed, and the API's own. A caller without an origin is no browser and
 * is let through: it has to show a token anyway.
 */
export function originCheck(
  config: Pick<Config, 'ALLOWED_ORIGINS' | 'PUBLIC_URL'>,
): (origin: string | undefined, host: string | undefined) => boolean {
  const listed = new Set(config.ALLOWED_ORIGINS);
  if (config.PUBLIC_URL !== undefined) listed.add(new URL(config.PUBLIC_URL).origin);
  return (origin, host) => {
    if (origin === undefined || listed.has(origin)) return true;
    return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
  };
}
