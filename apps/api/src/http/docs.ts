import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { projectFolder } from '#libs/platform';

const prefix = '/docs/';

/** Serves the documentation of this very version as text, and a page that lists it. */
export async function installDocs(fastify: FastifyInstance, folder = join(projectFolder, 'docs')): Promise<void> {
  if (!existsSync(folder)) return;
  const page = renderIndex(folder);
  fastify.get('/docs', (_request, reply) => reply.redirect(prefix, 302));
  fastify.get(prefix, (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(page),
  );
  await fastify.register(fastifyStatic, {
    root: folder,
    prefix,
    index: false,
    decorateReply: false,
    allowedPath: (path) => /\.\w+$/.test(path), // a folder is not there, rather than forbidden
    setHeaders: (response, path) => {
      response.header('x-content-type-options', 'nosniff');
      response.header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox");
      // Browsers show plain text, and save what they do not know.
      if (/\.(md|graphql)$/.test(path)) response.header('content-type', 'text/plain; charset=utf-8');
    },
  });
}

function renderIndex(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(md|graphql|json)$/.test(entry.name))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => depth(a) - depth(b) || a.localeCompare(b));
  const items = files.map((file) => `<li><a href="${prefix}${file}">${titleOf(folder, file)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Attune: documentation</title>
<style>body { font: 1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem }</style>
<h1>Documentation</h1>
<p>Begin with <a href="${prefix}architecture.md">the architecture</a>; <a href="${prefix}schema.graphql">schema.graphql</a> and
<a href="${prefix}realtime.md">realtime.md</a> are what clients are written against.</p>
<ul>
${items.join('\n')}
</ul>
</html>
`;
}

function depth(path: string): number {
  return path.split('/').length;
}

/** The first heading of a page, or the name of the file. */
function titleOf(folder: string, file: string): string {
  const heading = file.endsWith('.md') ? /^# (.+)$/m.exec(readFileSync(join(folder, file), 'utf8'))?.[1] : undefined;
  return (heading ?? file).replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
