import { Body, Controller, Get, HttpStatus, Param, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadFile, ReadHandOut, UploadFile } from '#libs/grading';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { pathId } from '../request/path-id.js';
import { fileIn, heldBy } from '../http/file-body.js';
import { sendFile } from '../http/send-file.js';
import { sendPrivate } from '../http/send-private.js';

/** What an upload answers. */
interface Uploaded {
  readonly kind: 'uploaded';
  readonly fileId: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Of a picture, in pixels. */
  readonly width: number | null;
  readonly height: number | null;
  readonly resent: boolean;
}

/** Files of learners' work, in and out to those who may see them, and what a project hands out to them. */
@Controller()
export class UploadController {
  constructor(
    private readonly upload: UploadFile,
    private readonly read: ReadFile,
    private readonly handOut: ReadHandOut,
  ) {}

  /** The client makes the id; the same id with the same file is the same upload. */
  @Put('uploads/:id')
  async put(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Uploaded> {
    const actor = requireActor(request.identity);
    const upload = { id: pathId(id), holds: heldBy(request), bytes: fileIn(body) };
    const { file, resent } = orThrow(await this.upload.execute(actor, upload));
    const { mediaType, bytes, width, height } = file;
    reply.status(resent ? HttpStatus.OK : HttpStatus.CREATED);
    return { kind: 'uploaded', fileId: file.id, mediaType, bytes, width, height, resent };
  }

  /** For its owner, and the teachers of a course where it was handed in. */
  @Get('files/:id')
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const file = orThrow(await this.read.execute(actor, pathId(id)));
    await sendPrivate(request, reply, file, async () => orThrow(await this.read.bytesOf(actor, file)));
  }

  /** For those who see the assignment: the images of a project. */
  @Get('assignments/:id/hand-out.zip')
  async give(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const file = orThrow(await this.handOut.execute(actor, pathId(id)));
    void reply.headers({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="project.zip"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    await sendFile(request, reply, file);
  }
}
