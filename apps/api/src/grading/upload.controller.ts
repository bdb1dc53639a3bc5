import { Body, Controller, Get, HttpStatus, Param, Put, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { fail, FailureError, isFailure } from '#libs/kernel';
import { idSchema } from '#libs/contracts';
import { ReadFile, UploadPicture } from '#libs/grading';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { pictureOf } from '../http/picture-body.js';

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
    checkId(id);
    const { file, resent } = orThrow(await this.upload.execute(actor, { id, bytes: pictureOf(body) }));
    const { mediaType, bytes, width, height } = file;
    reply.status(resent ? HttpStatus.OK : HttpStatus.CREATED);
    return { kind: 'uploaded', fileId: file.id, mediaType, bytes, width, height, resent };
  }

  /** For its owner, and the teachers of a course where it was handed in. */
  @Get('files/:id')
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    checkId(id);
    const file = orThrow(await this.read.execute(actor, id));
    const tag = `"${file.sha256}"`;
    void reply.headers({
      'content-type': file.mediaType,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'content-disposition': 'inline',
      'cross-origin-resource-policy': 'same-site',
      'cache-control': 'private, max-age=3600',
      etag: tag,
      vary: 'authorization',
    });
    if (request.headers['if-none-match'] === tag) return void reply.status(HttpStatus.NOT_MODIFIED).send();
    await reply.send(Buffer.from(orThrow(await this.read.bytesOf(actor, file))));
  }
}

function checkId(id: string): void {
  const parsed = parseInput(idSchema, id);
  if (isFailure(parsed)) throw new FailureError(fail('INVALID_INPUT', 'The id in the path must be a lower-case UUID.'));
}
