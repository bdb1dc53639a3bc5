import { Body, Controller, Get, HttpStatus, Param, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ReadFile, UploadPicture } from '#libs/grading';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { pathId } from '../request/path-id.js';
import { pictureOf } from '../http/picture-body.js';
import { sendPicture } from '../http/send-picture.js';

/** What an upload answers. */
interface Uploaded {
  readonly kind: 'uploaded';
  readonly fileId: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly resent: boolean;
}

/** Pictures of learners' work: in as they come, out as a clean copy, to those who may see them. */
@Controller()
export class UploadController {
  constructor(
    private readonly upload: UploadPicture,
    private readonly read: ReadFile,
  ) {}

  /** The client makes the id; the same id with the same picture is the same upload. */
  @Put('uploads/:id')
  async put(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Uploaded> {
    const actor = requireActor(request.identity);
    const upload = { id: pathId(id), bytes: pictureOf(body) };
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
    await sendPicture(request, reply, file, async () => orThrow(await this.read.bytesOf(actor, file)));
  }
}
