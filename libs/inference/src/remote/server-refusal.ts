import type { InferenceRefusal } from '#libs/models';

/** Why a server gave nothing. */
export class ServerRefusal extends Error {
  /** The status of its answer; null where there was none. */
  readonly status: number | null;
  /** Whether it is the fault of the server, and not of the request or of one model. */
  readonly isServers: boolean;

  constructor(
    readonly reason: InferenceRefusal,
    message: string,
    { status = null, isServers = true }: { readonly status?: number | null; readonly isServers?: boolean } = {},
  ) {
    super(message);
    this.status = status;
    this.isServers = isServers;
  }
}

/** What to do about a server that is not well, for operators: one sentence. */
export function adviceOn(server: string, { status, message }: ServerRefusal): string {
  if (status === null) {
    return `${server} does not answer (${message}): is it running, and can it be reached from here?`;
  }
  if (status === 401 || status === 403)
    return `${server} does not let us in: is INFERENCE_TOKEN the token it asks for?`;
  if (status >= 500) return `${server} is not ready (${message}): it may still load models; else its log says why.`;
  return `${server} answers, but not by the Open Inference Protocol: is this its HTTP port, such as 8000 of Triton?`;
}
