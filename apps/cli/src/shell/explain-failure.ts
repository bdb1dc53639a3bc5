import { EmbeddedPostgresError, MigrationError } from '#libs/persistence';
import { EXIT_CODE } from './exit-code.js';
import { CommandFailure } from './command-failure.js';

/** What a failure has to do with, for the sentence. */
export interface FailureContext {
  readonly dataFolder: string;
  /** The owner's URL, once it is known; its password is not shown. */
  readonly databaseUrl?: string;
}

/** Turns whatever was thrown into a plain sentence and an exit code; what it does not know keeps its stack. */
export function explainFailure(error: unknown, context: FailureContext): CommandFailure {
  if (error instanceof CommandFailure) return error;
  if (error instanceof EmbeddedPostgresError) {
    const detail = error.detail === '' ? [] : error.detail.split('\n').slice(-10);
    const isFolder = ['not-writable', 'disk-full', 'broken-folder', 'other-version'].includes(error.fault);
    return new CommandFailure(isFolder ? EXIT_CODE.dataFolder : EXIT_CODE.part, error.message, detail, {
      cause: error,
    });
  }
  if (error instanceof MigrationError) return explainMigration(error, context);
  const code = errorCode(error);
  const sentence = explainFolder(code, error, context) ?? explainDatabase(code, error, context);
  if (sentence) return sentence;
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandFailure(
    EXIT_CODE.unexpected,
    'Something went wrong that Attune did not expect:',
    stack.split('\n'),
    {
      cause: error,
    },
  );
}

function explainMigration(error: MigrationError, context: FailureContext): CommandFailure {
  const cause = errorCode(error.cause);
  if (cause === '53100' || cause === '42501') return explainDatabase(cause, error.cause, context)!;
  return new CommandFailure(EXIT_CODE.database, error.message, [], { cause: error });
}

function explainFolder(code: string, error: unknown, { dataFolder }: FailureContext): CommandFailure | undefined {
  const path = error instanceof Error && 'path' in error ? String(error.path) : dataFolder; // a write names no path
  if (!path.startsWith(dataFolder) && !dataFolder.startsWith(path)) return undefined;
  const choose = 'Choose another data folder with ATTUNE_DATA_DIR.';
  const fail = (sentence: string) => new CommandFailure(EXIT_CODE.dataFolder, sentence);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return fail(`The disk that holds ${dataFolder} is full. Free some space and start again; nothing is lost.`);
    case 'EACCES':
    case 'EPERM':
      return fail(`Attune may not write to its data folder ${dataFolder}: it belongs to another user. ${choose}`);
    case 'EROFS':
      return fail(`The data folder ${dataFolder} is on a disk that cannot be written to. ${choose}`);
    case 'ENOENT':
      return fail(`The data folder ${dataFolder} cannot be made there. ${choose}`);
    case 'ENOTDIR':
    case 'EEXIST':
      return fail(`The data folder ${dataFolder} is not a folder. ${choose}`);
    default:
      return undefined;
  }
}

function explainDatabase(code: string, error: unknown, context: FailureContext): CommandFailure | undefined {
  const where = describeDatabase(context.databaseUrl);
  const fail = (sentence: string) => new CommandFailure(EXIT_CODE.database, sentence, [], { cause: error });
  switch (code) {
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ETIMEDOUT':
      return fail(`Nothing answers at ${where.server}. Is PostgreSQL running there, and is DATABASE_URL right?`);
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return fail(`The name of the database server, ${where.server}, is not known. Is DATABASE_URL right?`);
    case '28P01':
    case '28000':
      return fail(`${where.server} refuses the user "${where.user}". Are the user and password in DATABASE_URL right?`);
    case '3D000':
      return fail(`There is no database "${where.database}" at ${where.server}. Create it, or correct DATABASE_URL.`);
    case '42501':
      return fail(
        `The user "${where.user}" of DATABASE_URL has too few rights (${messageOf(error)}). It must own the database ` +
          `"${where.database}" and be allowed to create roles; or let an administrator create the role attune_app ` +
          '(LOGIN), and set DATABASE_APP_URL.',
      );
    case '53100':
      return fail(`The disk of the database at ${where.server} is full. Free some space there and start again.`);
    case '53300':
      return fail(`${where.server} has no connection to spare. Raise its max_connections, or stop what holds them.`);
    default:
      return isConnectionTimeout(error)
        ? fail(`${where.server} does not answer within 10 seconds. Is DATABASE_URL right?`)
        : undefined;
  }
}

function isConnectionTimeout(error: unknown): boolean {
  return error instanceof Error && /timeout expired|Connection terminated/.test(error.message);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The code of a system or database error; a host with several addresses gives one error that holds several. */
function errorCode(error: unknown): string {
  if (error instanceof AggregateError) return errorCode(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

function describeDatabase(url = ''): { server: string; user: string; database: string } {
  if (!URL.canParse(url)) return { server: 'the database', user: '', database: '' };
  const { host, username, pathname } = new URL(url);
  const decode = (text: string) => decodeURIComponent(text);
  return { server: host || 'localhost', user: decode(username), database: decode(pathname.slice(1)) };
}
