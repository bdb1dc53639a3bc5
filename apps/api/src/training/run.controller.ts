import { createReadStream } from 'node:fs';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { CONFIG } from '#libs/composition';
import { FailureError, isFailure } from '#libs/kernel';
import type { Config } from '#libs/platform';
import { progressSchema, ServeRun, type TrainingPlan } from '#libs/training';
import { clientAddress } from '../request/client-address.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { pathId } from '../request/path-id.js';
import { runTokenOf } from './run-token.js';
import { TrainingPackage } from './training-package.js';

/** Lines in one report. */
const linesSchema = z.array(progressSchema).min(1).max(200);

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
    void reply.header('cache-control', 'no-store');
    const url = this.config.PUBLIC_URL ?? `${request.protocol}://${request.host}`;
    return orThrow(await this.serve.plan(code, { address: clientAddress(request), url: url.replace(/\/$/, '') }));
  }

  @Get('archives')
  async archive(@Query('ticket') ticket: unknown, @Res() reply: FastifyReply): Promise<void> {
    const { path, bytes } = orThrow(await this.serve.archive(typeof ticket === 'string' ? ticket : ''));
    void reply.headers({
      'content-type': 'application/zip',
      'content-length': bytes,
      'content-disposition': 'attachment; filename="dataset.zip"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await reply.send(createReadStream(path));
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
