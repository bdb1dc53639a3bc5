import type { FastifyInstance } from 'fastify';

const addresses = [
  ['/playground', 'GraphQL in the browser'],
  ['/graphql', 'GraphQL, by POST'],
  ['/docs/', 'documentation'],
  ['/health/live', 'the process runs'],
  ['/health/ready', 'the process can serve'],
  ['/metrics', 'figures for Prometheus'],
  ['/.well-known/jwks.json', 'keys that verify access tokens'],
] as const;

/** Answers the bare address with a page that names the others. */
export function installHomePage(fastify: FastifyInstance, { playground }: { playground: boolean }): void {
  const rows = addresses
    .filter(([path]) => playground || path !== '/playground')
    .map(([path, what]) => `<li><a href="${path}">${path}</a>: ${what}</li>`);
  const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Attune</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
<h1>Attune</h1>
<p>This is an adaptive-learning backend. Apps reach it here:</p>
<ul>
${rows.join('\n')}
<li>Socket.IO namespaces <code>/learn</code> and <code>/teach</code></li>
</ul>
</html>
`;
  fastify.get('/', (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page),
  );
}
