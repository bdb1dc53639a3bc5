import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ListDatasets } from '#libs/training';
import { sendPrivate } from '../http/send-private.js';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { pathId } from '../request/path-id.js';

/** Labelled images, for the teachers of their course. */
@Controller()
export class ImageController {
  constructor(private readonly read: ListDatasets) {}

  @Get('training/images/:id')
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const image = orThrow(await this.read.image(actor, pathId(id)));
    await sendPrivate(request, reply, image, async () => orThrow(await this.read.bytesOf(actor, image)));
  }
}
