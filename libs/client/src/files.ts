import { AttuneFailure, noAnswer, readFailure } from './attune-failure.js';
import { newId } from './new-id.js';
import type { TokenKeeper } from './token-keeper.js';

/** Pictures go up and come down over plain HTTP, under the same sign-in. */
export class FileTransport {
  constructor(
    private readonly url: string,
    private readonly tokens: TokenKeeper,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Uploads a picture, and gives the id by which work may name it. A resend with the same id is harmless.
   * @param mediaType image/png, image/jpeg or image/webp
   */
  async uploadPicture(picture: Uint8Array<ArrayBuffer>, mediaType: string, id = newId()): Promise<{ fileId: string }> {
    const response = await this.request(`/uploads/${id}`, {
      method: 'PUT',
      headers: { 'content-type': mediaType },
      body: picture,
    });
    return (await response.json()) as { fileId: string };
  }

  /** Reads a picture of a course, by the name that an activity gives it. */
  async courseMedia(courseId: string, src: string): Promise<Uint8Array> {
    const response = await this.request(`/courses/${courseId}/media/${src.replace(/^media\//, '')}`, {});
    return new Uint8Array(await response.arrayBuffer());
  }

  private async request(path: string, init: RequestInit): Promise<Response> {
    const headers = { ...init.headers, authorization: `Bearer ${await this.tokens.accessToken()}` };
    const signal = AbortSignal.timeout(this.timeoutMs);
    const response = await fetch(this.url + path, { ...init, headers, signal }).catch(() => {
      throw noAnswer(`${this.url} cannot be reached.`);
    });
    if (response.ok) return response;
    const failure = readFailure(await response.json().catch(() => null));
    throw failure ?? new AttuneFailure('INTERNAL', `${path} answered with status ${response.status}.`);
  }
}
