import { randomUUID } from 'node:crypto';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpStatus } from '@nestjs/common';
import { FileStore } from '@tus/file-store';
import { Server, type ServerOptions } from '@tus/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { fail, FailureError, isFailure, type Failure, type FailureCode } from '#libs/kernel';
import { statusOf, toFailure } from '../request/failure.js';

/** Who uploads, where to, and what becomes of it. */
export interface Uploader {
  /** Begins the name of her uploads: nobody else goes on with them. No underscore. */
  readonly prefix: string;
  /** Asked before the first byte is taken. @param bytes how many there will be */
  readonly begin: (metadata: UploadMetadata, bytes: number) => Promise<Failure | null>;
  /**
   * Takes the file over; what it gives is the answer to the last piece. A failure that passes leaves the file, to be taken over when
   * its client asks again.
   */
  readonly finish: (metadata: UploadMetadata, path: string) => Promise<UploadAnswer | Failure>;
}

/** What came of an upload: the id of a thing, under a name that says of which, and its state. */
export type UploadAnswer = { readonly kind: 'uploaded' } & Readonly<Record<string, string | number | boolean | null>>;

export type UploadMetadata = Readonly<Record<string, string | null>>;

export interface ResumableUploadOptions {
  /** Where clients create uploads, such as `/models/uploads`. */
  readonly path: string;
  /** Bytes of one upload at most. */
  readonly maxBytes: number;
  /** Where unfinished files lie. */
  readonly folder: string;
  /** How many uploads one uploader may have begun and not ended; as many as she likes where it is not said. */
  readonly mostUnfinished?: number;
  /** How long an unfinished upload can be gone on with, in milliseconds. */
  readonly keptFor?: number;
  /** Web origins that browsers may upload from. */
  readonly origins: readonly string[];
  /** Finds out who sends a request. */
  readonly uploaderOf: (request: FastifyRequest) => Promise<Uploader>;
  readonly logger: Logger;
}

const week = 7 * 86_400_000;

/** Failures that say nothing of the file. */
const passing: readonly FailureCode[] = ['BUSY', 'UNAVAILABLE'];

/**
 * Resumable uploads of files by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): create, send in
 * pieces, ask how far it got, go on. When the last byte has come, the file is registered before the answer goes out.
 */
export class ResumableUploads {
  private readonly store: FileStore;
  private readonly server: Server;
  /** The requests under way, by what the protocol's library knows of them. */
  private readonly uploaders = new WeakMap<object, Uploader>();
  /** Whole ones that are being registered. */
  private readonly finishing = new Map<string, Promise<UploadAnswer | Failure>>();

  constructor(private readonly options: ResumableUploadOptions) {
    const { folder, keptFor = week } = options;
    this.store = new FileStore({ directory: folder, expirationPeriodInMilliseconds: keptFor });
    this.server = new Server({
      ...this.handlers(),
      path: options.path,
      datastore: this.store,
      relativeLocation: true,
      allowedOrigins: [...options.origins],
      // The library's type asks for a locker, of which it has one by default.
    } as ServerOptions & { datastore: FileStore });
  }

  async install(fastify: FastifyInstance): Promise<void> {
    const { path, folder, uploaderOf, logger } = this.options;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const uploader = await uploaderOf(request);
      const { upload } = request.params as { upload?: string };
      if (upload !== undefined && !upload.startsWith(`${uploader.prefix}_`)) throw new FailureError(noSuchUpload);
      if (request.headers['tus-resumable'] !== '1.0.0') throw new FailureError(otherProtocol);
      this.uploaders.set(request.raw, uploader);
      if (request.method === 'HEAD' && upload !== undefined && (await this.isWhole(upload))) {
        return this.answerWhole(upload, uploader, reply);
      }
      reply.hijack();
      reply.raw.setHeader('content-type', 'application/json');
      await this.server.handle(request.raw, reply.raw).catch((error: unknown) => {
        logger.warn({ requestId: request.id, error: (error as Error).name }, 'upload failed');
        reply.raw.destroy();
      });
    };
    fastify.route({ method: 'POST', url: path, handler: handle });
    fastify.route({ method: ['HEAD', 'PATCH', 'DELETE'], url: `${path}/:upload`, handler: handle });
  }

  /** Forgets what nobody has gone on with. */
  async forget(): Promise<void> {
    await this.store.deleteExpired();
  }

  private handlers(): Pick<
    ServerOptions,
    'maxSize' | 'namingFunction' | 'onUploadCreate' | 'onUploadFinish' | 'onResponseError'
  > {
    return {
      maxSize: this.options.maxBytes,
      namingFunction: (request) => `${this.uploaderOf(request).prefix}_${randomUUID()}`,
      onUploadCreate: async (request, { metadata = {}, size }) => {
        const uploader = this.uploaderOf(request);
        const refused =
          size === undefined
            ? lengthFirst
            : ((await this.refuseMore(uploader)) ?? (await uploader.begin(metadata, size)));
        if (refused !== null) throw toTus(refused);
        return {};
      },
      onUploadFinish: async (request, { id, metadata = {} }) => {
        const outcome = await this.finish(id, this.uploaderOf(request), metadata);
        if (isFailure(outcome)) throw toTus(outcome);
        return { status_code: 200, body: JSON.stringify(outcome) };
      },
      onResponseError: (_request, error) => {
        if ('status_code' in error) return toOurs(error);
        return toTus(toFailure(error, this.options.logger, { route: this.options.path }));
      },
    };
  }

  /**
   * Has an upload that is whole registered. Whoever asks meanwhile waits for the same. Taken over or refused, it is at its end;
   * where that failed it stays, and is tried again when its client asks how far it got.
   */
  private finish(id: string, uploader: Uploader, metadata: UploadMetadata): Promise<UploadAnswer | Failure> {
    const begun = this.finishing.get(id);
    if (begun !== undefined) return begun;
    const finishing = uploader
      .finish(metadata, join(this.options.folder, id))
      .then(async (outcome) => {
        if (!isFailure(outcome) || !passing.includes(outcome.code)) await this.discard(id);
        return outcome;
      })
      .finally(() => this.finishing.delete(id));
    this.finishing.set(id, finishing);
    return finishing;
  }

  private async refuseMore({ prefix }: Uploader): Promise<Failure | null> {
    const { mostUnfinished = Infinity, folder } = this.options;
    if (mostUnfinished === Infinity) return null;
    const begun = (await readdir(folder)).filter((name) => name.startsWith(`${prefix}_`) && !name.endsWith('.json'));
    return begun.length < mostUnfinished ? null : tooManyBegun;
  }

  /** Whether all bytes of an upload are there: its client may think that it is registered. */
  private async isWhole(id: string): Promise<boolean> {
    const { offset, size } = await this.store.getUpload(id).catch(() => ({ offset: 0, size: undefined }));
    return size !== undefined && offset === size;
  }

  /** Tells that an upload is whole once it is registered, also where a server was killed before it could do that. */
  private async answerWhole(id: string, uploader: Uploader, reply: FastifyReply): Promise<void> {
    const { size, metadata = {} } = await this.store.getUpload(id);
    const outcome = await this.finish(id, uploader, metadata);
    if (isFailure(outcome)) throw new FailureError(outcome);
    void reply.headers({
      'tus-resumable': '1.0.0',
      'upload-offset': String(size),
      'upload-length': String(size),
      'cache-control': 'no-store',
    });
    await reply.status(HttpStatus.OK).send();
  }

  /** Removes an upload; of one whose file was taken over, what is noted of it. */
  private async discard(id: string): Promise<void> {
    await this.store.remove(id).catch(() => this.store.configstore.delete(id).catch(() => undefined));
  }

  private uploaderOf(request: object): Uploader {
    const { runtime } = request as { runtime?: { node?: { req?: object } } };
    const uploader = this.uploaders.get(runtime?.node?.req ?? request);
    if (uploader === undefined) throw new FailureError(fail('UNAUTHENTICATED'));
    return uploader;
  }
}

const noSuchUpload = fail('NOT_FOUND', 'There is no such upload of yours.');
const lengthFirst = fail('INVALID_INPUT', 'Say how long the file is: send the header Upload-Length.');
const tooManyBegun = fail(
  'TOO_LARGE',
  'You have begun too many uploads. Go on with them, or end them by DELETE; they are forgotten after a while.',
);
const otherProtocol = fail('INVALID_INPUT', 'Uploads go by tus 1.0.0: send the header Tus-Resumable: 1.0.0.');

/** What the protocol's library refuses itself, in words: its status stays, because clients of the protocol go by it. */
function toOurs({ status_code, body }: { status_code: number; body: string }): { status_code: number; body: string } {
  if (body.startsWith('{')) return { status_code, body };
  const codes: Readonly<Record<number, FailureCode>> = {
    403: 'FORBIDDEN',
    404: 'NOT_FOUND',
    409: 'CHANGED_SINCE',
    410: 'NOT_FOUND',
    413: 'TOO_LARGE',
    423: 'BUSY',
    500: 'INTERNAL',
  };
  return { status_code, body: JSON.stringify(fail(codes[status_code] ?? 'INVALID_INPUT', body.trim())) };
}

/** A refusal as the protocol's library answers it. */
function toTus(failure: Failure): { status_code: number; body: string } {
  return { status_code: statusOf(failure.code), body: JSON.stringify(failure) };
}
