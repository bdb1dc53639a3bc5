import { Readable } from 'node:stream';
import { Controller, Get, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ExportGrades } from '#libs/grading';
import { requireActor } from '../request/actor.js';
import { orThrow } from '../request/failure.js';
import { pathId } from '../request/path-id.js';

/** Grades on their way to a spreadsheet. */
@Controller()
export class GradesController {
  constructor(private readonly grades: ExportGrades) {}

  /** For the teachers of its course: the grades of an assignment with their evidence, as CSV. */
  @Get('assignments/:id/grades.csv')
  async get(@Req() request: FastifyRequest, @Param('id') id: string, @Res() reply: FastifyReply): Promise<void> {
    const actor = requireActor(request.identity);
    const pieces = orThrow(await this.grades.execute(actor, pathId(id)));
    void reply.headers({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="grades.csv"',
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
    });
    await reply.send(Readable.from(pieces, { objectMode: false }));
  }
}
