import { createReadStream } from 'node:fs';
import { HttpStatus } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Which bytes a request wants: all of them, a stretch, or one that is not there (RFC 9110 §14.2, one range). */
export function rangeOf(header: string | undefined, bytes: number): { start: number; end: number } | 'all' | 'none' {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === undefined) return 'all';
  const [start, end] = [Number(first), last === '' ? bytes - 1 : Math.min(Number(last), bytes - 1)];
  return start <= end ? { start, end } : 'none';
}

/** Answers with a file of this machine, or with the stretch of it that is asked for, so that a broken download goes on. */
export async function sendFile(
  { headers }: Pick<FastifyRequest, 'headers'>,
  reply: FastifyReply,
  { path, bytes }: { readonly path: string; readonly bytes: number },
): Promise<void> {
  const range = rangeOf(headers.range, bytes);
  void reply.header('accept-ranges', 'bytes');
  if (range === 'none') {
    return void reply
      .status(HttpStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
      .header('content-range', `bytes */${bytes}`)
      .send();
  }
  if (range === 'all') return void (await reply.header('content-length', bytes).send(createReadStream(path)));
  const { start, end } = range;
  void reply.status(HttpStatus.PARTIAL_CONTENT).headers({
    'content-range': `bytes ${start}-${end}/${bytes}`,
    'content-length': end - start + 1,
  });
  await reply.send(createReadStream(path, { start, end }));
}
