import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG } from '#libs/composition';
import { fail, FailureError, isFailure } from '#libs/kernel';
import type { Config } from '#libs/platform';
import { progressSchema, readRunCode, ServeRun, type TrainingPlan } from '#libs/training';
import { sendFile } from '../http/send-file.js';
import { clientAddress } from '../request/client-address.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { pathId } from '../request/path-id.js';
import { publicUrl } from '../request/public-url.js';
import { refuseUnstorable } from '../request/storable.js';
import { runTokenOf } from './run-token.js';
import { TrainingPackage } from './training-package.js';

/** Lines in one report; none is a sign of life. */
const linesSchema = z.array(progressSchema).max(200);

/** What a machine that trains asks, wherever it is. It is known by the code, the token or the ticket of its run. */
@Controller('training')
export class RunController {
  constructor(
    private readonly serve: ServeRun,
    private readonly trainingPackage: TrainingPackage,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('plans/:code')
  async plan(
    @Req() request: FastifyRequest,
    @Param('code') code: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TrainingPlan> {
    // It gives out a token, so that only asking for it is answered.
    if (request.method === 'HEAD') throw new FailureError(fail('UNKNOWN_OPERATION'));
    void reply.header('cache-control', 'no-store');
    return orThrow(
      await this.serve.plan(code, { address: clientAddress(request), url: publicUrl(this.config, request) }),
    );
  }

  /** The notebook, with this server and a code filled in. It is public, and says nothing that its caller has not said. */
  @Get('notebook.ipynb')
  async notebook(
    @Req() request: FastifyRequest,
    @Query('code') code: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const read = typeof code === 'string' ? readRunCode(code) : null;
    if (code !== undefined && read === null)
      throw new FailureError(fail('INVALID_INPUT', 'code: this is no run code.'));
    const form = { server: publicUrl(this.config, request), ...(read !== null && { code: read }) };
    const notebook = orThrow(await this.trainingPackage.notebook(form));
    void reply.headers({
      'content-type': 'application/x-ipynb+json',
      'content-disposition': 'attachment; filename="attune_training.ipynb"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await reply.send(notebook);
  }

  @Get('archives')
  async archive(
    @Req() request: FastifyRequest,
    @Query('ticket') ticket: unknown,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const file = orThrow(await this.serve.archive(typeof ticket === 'string' ? ticket : ''));
    void reply.headers({
      'content-type': 'application/zip',
      'content-disposition': 'attachment; filename="dataset.zip"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await sendFile(request, reply, file);
  }

  @Post('runs/:id/progress')
  @HttpCode(200)
  async progress(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body() body: unknown,
  ): Promise<{ accepted: number; cancel: boolean }> {
    const token = runTokenOf(request);
    const runId = pathId(id);
    refuseUnstorable(body);
    const lines = parseInput(linesSchema, body);
    if (isFailure(lines)) throw new FailureError(lines);
    return orThrow(await this.serve.progress(token, runId, lines));
  }

  /** The training package, as `pip install` takes it. */
  @Get('package.zip')
  async package(@Res() reply: FastifyReply): Promise<void> {
    const bytes = orThrow(await this.trainingPackage.zip());
    void reply.headers({ 'content-type': 'application/zip', 'x-content-type-options': 'nosniff' });
    await reply.send(bytes);
  }
}
