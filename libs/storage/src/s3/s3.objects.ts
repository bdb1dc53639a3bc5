import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createHash } from 'node:crypto';
import { buffer, text } from 'node:stream/consumers';
import { AwsV4Signer } from 'aws4fetch';
import { fail, type Failure } from '#libs/kernel';

/** A bucket of a store that speaks S3, and as whom it is asked. */
export interface S3Settings {
  /** Such as https://s3.eu-central-1.amazonaws.com or http://minio:9000; the bucket is a folder of it (path style). */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An object, as a list tells it. */
export interface ListedObject {
  readonly key: string;
  readonly writtenAt: Date;
}

/** The store refused for a reason that waiting does not change: its settings, or what is in it. */
export class S3Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    what: string,
  ) {
    super(`The S3 store refused ${what}: ${status} ${code}.`);
    this.name = 'S3Refused';
  }
}

/** The store did not answer, or said that it cannot now. */
export class S3Unavailable extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(`The S3 store is not to be had for ${what}.`, options);
    this.name = 'S3Unavailable';
  }
}

/** What lies under a name is not what the name says. */
export class S3Changed extends Error {
  constructor(key: string) {
    super(`The S3 store holds something else under ${key}.`);
    this.name = 'S3Changed';
  }
}

/** What is sent: bytes, or a file of known digest, which is streamed. */
export type ObjectBody = Uint8Array | { readonly path: string; readonly sha256: string; readonly bytes: number };

interface Sending {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE';
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: ObjectBody;
}

const nothing = createHash('sha256').digest('hex');

/** Statuses after which it may go better in a moment. */
const passing: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const tries = 4;
/** Milliseconds before the second try; doubled before each further one. */
const firstWait = 100;
/** Milliseconds without a byte after which a try is given up. */
const patience = 30_000;

/**
 * Objects in a bucket. Requests are signed by AWS Signature Version 4 with the digest of what is sent, so that the store refuses
 * what was changed on its way; what passes is tried four times.
 */
export class S3Objects {
  private readonly agent: HttpAgent | HttpsAgent;

  constructor(private readonly settings: S3Settings) {
    const options = { keepAlive: true, maxSockets: 32 };
    this.agent = settings.endpoint.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Stores an object, unless one of that name is there: names tell what is in them.
   * @returns UNAVAILABLE where it could not be stored now
   * @throws {S3Refused}
   */
  async put(key: string, body: ObjectBody, mediaType = 'application/octet-stream'): Promise<Failure | null> {
    const headers = { 'content-type': mediaType };
    try {
      const status = await this.send(
        { method: 'PUT', key, headers: { ...headers, 'if-none-match': '*' }, body },
        finish,
      );
      // Stores that know no conditions say so.
      if (status === 501) await this.send({ method: 'PUT', key, headers, body }, finish, [501]);
      return null;
    } catch (error) {
      if (error instanceof S3Unavailable || (error instanceof S3Refused && error.status === 507)) return noRoom;
      throw error;
    }
  }

  /**
   * The bytes of an object; null where it is not there.
   * @throws {S3Refused | S3Unavailable}
   */
  get(key: string): Promise<Uint8Array | null> {
    return this.send({ method: 'GET', key }, async (response) =>
      response.statusCode === 404 ? drained(response, null) : await buffer(response),
    );
  }

  /**
   * Writes an object into a new file; false where it is not there.
   * @throws {S3Refused | S3Unavailable}
   */
  download(key: string, path: string): Promise<boolean> {
    return this.send({ method: 'GET', key }, async (response) => {
      if (response.statusCode === 404) return drained(response, false);
      const file = await open(path, 'w', 0o600);
      await pipeline(response, file.createWriteStream({ flush: true }));
      return true;
    });
  }

  /** @throws {S3Refused | S3Unavailable} */
  isThere(key: string): Promise<boolean> {
    return this.send({ method: 'HEAD', key }, async (response) => drained(response, response.statusCode === 200));
  }

  /** Harmless where it is not there. @throws {S3Refused | S3Unavailable} */
  async remove(key: string): Promise<void> {
    await this.send({ method: 'DELETE', key }, finish);
  }

  /** All objects whose keys begin so. @throws {S3Refused | S3Unavailable} */
  async list(prefix: string): Promise<readonly ListedObject[]> {
    const found: ListedObject[] = [];
    let token: string | null = null;
    do {
      const query = { 'list-type': '2', prefix, ...(token !== null && { 'continuation-token': token }) };
      const page: string = await this.send({ method: 'GET', key: '', query }, (response) => text(response));
      for (const [, entry = ''] of page.matchAll(/<Contents>(.*?)<\/Contents>/gs)) {
        found.push({ key: valueOf(entry, 'Key')!, writtenAt: new Date(valueOf(entry, 'LastModified')!) });
      }
      token = valueOf(page, 'IsTruncated') === 'true' ? valueOf(page, 'NextContinuationToken') : null;
    } while (token !== null);
    return found;
  }

  /** Ends the connections that are kept. */
  close(): void {
    this.agent.destroy();
  }

  /** @param refused statuses that are refusals here, though they are answers elsewhere */
  private async send<T>(
    sending: Sending,
    read: (response: IncomingMessage) => Promise<T>,
    refused: readonly number[] = [],
  ): Promise<T> {
    const what = `${sending.method} ${sending.key}`;
    for (let turn = 1; ; turn++) {
      try {
        const response = await this.sendOnce(sending);
        const status = response.statusCode!;
        if (passing.has(status)) throw new PassingError(status, await text(response));
        // Not there; there already (412, and 409 while another is writing it); no such condition.
        const isAnswer = status < 300 || [404, 409, 412, 501].includes(status);
        const isKnown = isAnswer && !refused.includes(status) && !(status === 404 && sending.method === 'PUT');
        if (!isKnown) throw new S3Refused(status, valueOf(await text(response), 'Code') ?? '', what);
        if (status === 404 && sending.key === '') throw new S3Refused(404, 'NoSuchBucket', what);
        return await read(response);
      } catch (error) {
        if (error instanceof S3Refused) throw error;
        if (turn === tries) throw new S3Unavailable(what, { cause: error });
        // Spread over half of the time, so that many do not come back at once.
        await sleep(firstWait * 2 ** (turn - 1) * (0.75 + Math.random() / 2));
      }
    }
  }

  private async sendOnce({ method, key, query = {}, headers = {}, body }: Sending): Promise<IncomingMessage> {
    const { endpoint, bucket, region, accessKeyId, secretAccessKey } = this.settings;
    const place = new URL(`${endpoint.replace(/\/$/, '')}/${bucket}/${key}`);
    for (const [name, value] of Object.entries(query)) place.searchParams.set(name, value);
    const isBytes = body instanceof Uint8Array;
    const sha256 =
      body === undefined ? nothing : isBytes ? createHash('sha256').update(body).digest('hex') : body.sha256;
    const length = body === undefined ? 0 : isBytes ? body.length : body.bytes;
    const signer = new AwsV4Signer({
      method,
      url: place.href,
      headers: { ...headers, 'x-amz-content-sha256': sha256 },
      accessKeyId,
      secretAccessKey,
      region,
      service: 's3',
    });
    const { url, headers: signed } = await signer.sign();
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const request = send(url, {
      method,
      agent: this.agent,
      headers: { ...Object.fromEntries(signed), ...(method === 'PUT' && { 'content-length': String(length) }) },
      timeout: patience,
    });
    request.once('timeout', () => request.destroy(new Error('There was no answer in time.')));
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('error', reject);
    });
    if (body === undefined || isBytes) request.end(body);
    else {
      // What ends the request ends the sending, and the answer tells why.
      pipeline(createReadStream(body.path), request).catch((error: Error) => request.destroy(error));
    }
    return answer;
  }
}

const noRoom = fail('UNAVAILABLE', 'The store of files is not to be had now. Try again later; nothing was stored.');

class PassingError extends Error {
  constructor(status: number, body: string) {
    super(`${status} ${valueOf(body, 'Code') ?? ''}`);
    this.name = 'PassingError';
  }
}

async function finish(response: IncomingMessage): Promise<number> {
  return drained(response, response.statusCode!);
}

/** Reads an answer to its end, so that the connection can be used again. */
async function drained<T>(response: IncomingMessage, value: T): Promise<T> {
  for await (const _ of response);
  return value;
}

/** What an element of XML holds, which stores write without attributes; keys of ours need no escapes. */
function valueOf(xml: string, name: string): string | null {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? null;
}
