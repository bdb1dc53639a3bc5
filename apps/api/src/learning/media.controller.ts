import { Body, Controller, Get, Param, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadCourseMedia, StoreCourseMedia, type StoredCourseMedia } from '#libs/learning';
import { fileIn } from '../http/file-body.js';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';

/** The pictures of a course, for those who take part in it. */
@Controller('courses/:courseId/media')
export class MediaController {
  constructor(
    private readonly media: ReadCourseMedia,
    private readonly store: StoreCourseMedia,
  ) {}

  /** For the teachers of the course, in the place of a picture with the same name; the same again changes nothing. */
  @Put(':name')
  async put(
    @Param('courseId') courseId: string,
    @Param('name') name: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<StoredCourseMedia> {
    const actor = requireActor(request.identity);
    return orThrow(await this.store.execute(actor, courseId, name, fileIn(body)));
  }

  /** Names are stable and bytes may change, so a browser asks again after an hour, by digest. */
  @Get(':name')
  async find(
    @Param('courseId') courseId: string,
    @Param('name') name: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const found = orThrow(await this.media.execute(requireActor(request.identity), courseId, name));
    const etag = `"${found.sha256}"`;
    void reply.headers({
      etag,
      vary: 'authorization',
      'cache-control': 'private, max-age=3600',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const known = (request.headers['if-none-match'] ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    if (known.includes(etag)) return void reply.status(304).send();
    return void reply.type(found.mediaType).send(Buffer.from(found.bytes));
  }
}
