import { createServer } from 'node:net';
import { EXIT_CODE } from '../shell/exit-code.js';
import { CommandFailure } from '../shell/command-failure.js';

/** Where a browser on this machine finds an address that may stand for all of them. */
export function localUrl(host: string, port: number): string {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/**
 * Finds out before anything is started whether the port can be had.
 * @throws CommandFailure with a sentence when it cannot
 */
export async function demandPort(host: string, port: number): Promise<void> {
  const code = await tryToListen(host, port);
  switch (code) {
    case null:
      return;
    case 'EADDRINUSE':
      throw new CommandFailure(
        EXIT_CODE.taken,
        `Port ${port} is taken by ${await describeOwner(host, port)}. Stop that, or choose another port: ` +
          `PORT=${port === 65535 ? 3000 : port + 1} npm start`,
      );
    case 'EACCES':
      throw new CommandFailure(
        EXIT_CODE.settings,
        `This user may not listen on port ${port}. Choose one above 1023 with PORT.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      throw new CommandFailure(EXIT_CODE.settings, `This machine has no address "${host}" to listen on. Correct HOST.`);
    default:
      throw new CommandFailure(
        EXIT_CODE.settings,
        `Attune cannot listen on ${host}:${port} (${code}). Correct HOST or PORT.`,
      );
  }
}

/** The system's error code, or null when listening worked. */
function tryToListen(host: string, port: number): Promise<string | null> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

async function describeOwner(host: string, port: number): Promise<string> {
  const isAttune = await fetch(`${localUrl(host, port)}/health/live`, { signal: AbortSignal.timeout(1000) }).then(
    (response) => response.ok,
    () => false,
  );
  return isAttune ? 'another Attune (with another data folder)' : 'another program';
}
