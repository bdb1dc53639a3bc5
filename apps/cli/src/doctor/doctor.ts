import { connect } from 'node:net';
import { findEmbeddedOwnerUrl } from '#libs/persistence';
import { projectVersion } from '#libs/platform';
import { EXIT_CODE } from '../shell/exit-code.js';
import { Terminal } from '../shell/terminal.js';
import { examineRuntimes, type RuntimeFinding } from './examine-runtimes.js';

/** Flags of `attune doctor`. */
export interface DoctorFlags {
  readonly server?: readonly string[];
  readonly json: boolean;
}

/** What was found on this machine. */
interface Findings {
  readonly attune: string;
  readonly node: string;
  readonly platform: string;
  readonly runtimes: readonly RuntimeFinding[];
  /** The database of the settings, if there is one. */
  readonly database: { readonly server: string; readonly answers: boolean } | null;
}

/** Looks, and prints what was found; resolves to the exit code. */
export async function doctor({ server = [], json }: DoctorFlags): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  const wrong = server.find((url) => !/^https?:\/\//.test(url) || !URL.canParse(url));
  if (wrong !== undefined) {
    new Terminal(process.stderr, process.env).line(
      `  ${wrong} is not the URL of a server, such as http://triton:8000.`,
    );
    return EXIT_CODE.settings;
  }
  const findings: Findings = {
    attune: projectVersion,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    runtimes: await examineRuntimes(server),
    database: await findDatabase(),
  };
  if (json) terminal.line(JSON.stringify(findings, null, 2));
  else show(findings, terminal);
  const isSick = findings.runtimes.some(({ trial }) => trial !== null && trial.trouble !== null);
  return isSick || !findings.runtimes[0]!.isThere ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
}

function show({ attune, node, platform, runtimes, database }: Findings, terminal: Terminal): void {
  const mark = (isWell: boolean): string => (isWell ? terminal.style('green', 'ok') : terminal.style('yellow', '--'));
  terminal.line();
  terminal.line(`  ${mark(true)} Attune ${attune}, Node ${node}, ${platform}`);
  for (const { name, version, isThere, formats, note, trial } of runtimes) {
    const median = trial?.milliseconds ?? null;
    const speed = median === null ? '' : `  ${median.toFixed(2)} ms a picture of the small net`;
    const isWell = isThere && (trial?.trouble ?? null) === null;
    terminal.line(`  ${mark(isWell)} ${name}${version === null ? '' : ` ${version}`}${speed}`);
    for (const line of [isThere ? formats.join(', ') : '', note, trial?.trouble ?? '']) {
      if (line !== '') terminal.line(`     ${terminal.style('dim', line)}`);
    }
  }
  if (database === null) terminal.line(`  ${mark(false)} No database yet: npm start makes one.`);
  else {
    const { server, answers } = database;
    terminal.line(
      `  ${mark(answers)} Database at ${server} ${answers ? 'answers' : 'does not answer: is it running?'}`,
    );
  }
  terminal.line();
}

/** Whether something listens where the database should be; who it is takes a sign-in, which is not tried. */
async function findDatabase(): Promise<Findings['database']> {
  const url = process.env['DATABASE_URL'] || (await findEmbeddedOwnerUrl(process.env['ATTUNE_DATA_DIR'] || '.attune'));
  if (!url || !URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  const [host, number] = [hostname || 'localhost', Number(port || 5432)];
  const answers = await new Promise<boolean>((resolve) => {
    const socket = connect({ host, port: number, timeout: 2_000 });
    const end = (isThere: boolean) => (): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });
  return { server: `${host}:${number}`, answers };
}
