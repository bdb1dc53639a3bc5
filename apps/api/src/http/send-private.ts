import { HttpStatus } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers with a file that one person may see: nothing in it is run, nobody else keeps it, and whoever has it is not sent it
 * again.
 * @param bytes called only where they are needed
 */
export async function sendPrivate(
  request: FastifyRequest,
  reply: FastifyReply,
  { sha256, mediaType }: { readonly sha256: string; readonly mediaType: string },
  bytes: () => Promise<Uint8Array>,
): Promise<void> {
  const tag = `"${sha256}"`;
  void reply.headers({
    'content-type': mediaType,
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
    'content-disposition': mediaType.startsWith('image/') ? 'inline' : 'attachment',
    'cross-origin-resource-policy': 'same-site',
    'cache-control': 'private, max-age=3600',
    etag: tag,
    vary: 'authorization',
  });
  if (request.headers['if-none-match'] === tag) return void reply.status(HttpStatus.NOT_MODIFIED).send();
  await reply.send(Buffer.from(await bytes()));
}
