import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadScans } from '#libs/grading';
import { sendPrivate } from '../http/send-private.js';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { pathId } from '../request/path-id.js';

/** Pictures of pages of scans, for the teachers of their course. */
@Controller()
export class ScanController {
  constructor(private readonly read: ReadScans) {}

  @Get('scans/pages/:id')
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const page = orThrow(await this.read.page(actor, pathId(id)));
    await sendPrivate(request, reply, page, async () => orThrow(await this.read.bytesOf(actor, page)));
  }
}
