import type { EXIT_CODE } from './exit-code.js';

/** An expected end of `attune`: a plain sentence, an exit code, and perhaps the last lines of a log. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';

  constructor(
    readonly exitCode: (typeof EXIT_CODE)[keyof typeof EXIT_CODE],
    message: string,
    readonly detail: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
