import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isFailure } from '#libs/kernel';
import { PrintSheets, ReadScans } from '#libs/grading';
import { ReadCourseMedia } from '#libs/learning';
import { sendPrivate } from '../http/send-private.js';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { pathId } from '../request/path-id.js';
import { sheetsPage, type SheetPicture } from './sheets-page.js';

/** Sheets for a class, and what comes back of them: for the teachers of the course. */
@Controller()
export class ScanController {
  constructor(
    private readonly print: PrintSheets,
    private readonly media: ReadCourseMedia,
    private readonly read: ReadScans,
  ) {}

  /** To be printed from a browser: a sheet for each learner, with a code by which it is known when it is scanned. */
  @Get('assignments/:id/sheets.html')
  async sheets(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const toPrint = orThrow(await this.print.execute(actor, pathId(id)));
    const { courseId, picture } = toPrint;
    const found = picture === null ? null : await this.media.execute(actor, courseId, picture);
    const shown: SheetPicture | null = isFailure(found) ? null : found;
    void reply.headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox allow-modals",
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    await reply.send(sheetsPage(toPrint, shown));
  }

  @Get('scans/pages/:id')
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const page = orThrow(await this.read.page(actor, pathId(id)));
    await sendPrivate(request, reply, page, async () => orThrow(await this.read.bytesOf(actor, page)));
  }
}
