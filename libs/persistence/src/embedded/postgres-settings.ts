/** Facts of one start that the settings depend on. */
export interface ServerOptions {
  readonly port: number;
  /** False only for tests: a crash of the machine may then lose or damage everything. */
  readonly durable: boolean;
}

/**
 * The settings of the embedded server, as command line arguments, so that they come with the program and not with the
 * data. What is not here is PostgreSQL's default.
 */
export function serverArguments(options: ServerOptions): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '', // one way in; a socket's path may also be longer than the 107 bytes allowed
    max_connections: 100,
    shared_buffers: '256MB',
    effective_cache_size: '1GB',
    random_page_cost: 1.1, // solid-state disks
    jit: 'off', // short statements: compiling costs more than it saves
    timezone: 'UTC',
    // A log without personal data: errors by name, without the statement, its values or the row in question.
    log_timezone: 'UTC',
    log_line_prefix: '%m [%p] ',
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** Arguments of `initdb`: UTF-8 with PostgreSQL's own C.UTF-8, whose order never changes with the system's libraries. */
export function initArguments(options: { folder: string; passwordFile: string; durable: boolean }): string[] {
  return [
    `--pgdata=${options.folder}`,
    '--username=postgres',
    `--pwfile=${options.passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...(options.durable ? ['--data-checksums'] : ['--no-sync', '--no-data-checksums']),
  ];
}
