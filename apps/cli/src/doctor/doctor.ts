import { connect } from 'node:net';
import { findEmbeddedOwnerUrl } from '#libs/persistence';
import { configSchema, headersOfServers, projectVersion } from '#libs/platform';
import { EXIT_CODE } from '../shell/exit-code.js';
import { Terminal } from '../shell/terminal.js';
import { examineBucket, type BucketFinding } from './examine-bucket.js';
import { examineRuntimes, type RuntimeFinding, type ServerToSee } from './examine-runtimes.js';

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
  /** The bucket of the settings, if there is one. */
  readonly bucket: BucketFinding | null;
  /** The database of the settings, if there is one. */
  readonly database: { readonly server: string; readonly answers: boolean } | null;
}

/** Looks, and prints what was found; resolves to the exit code. */
export async function doctor({ server = [], json }: DoctorFlags): Promise<number> {
  const terminal = new Terminal(process.stdout, process.env);
  const servers = serversToSee(server, process.env);
  const bucket = await examineBucket(process.env);
  if (typeof servers === 'string' || typeof bucket === 'string') {
    new Terminal(process.stderr, process.env).line(`  ${typeof servers === 'string' ? servers : String(bucket)}`);
    return EXIT_CODE.settings;
  }
  const findings: Findings = {
    attune: projectVersion,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    runtimes: await examineRuntimes(servers),
    bucket,
    database: await findDatabase(),
  };
  if (json) terminal.line(JSON.stringify(findings, null, 2));
  else show(findings, terminal);
  const isSick =
    findings.runtimes.some(({ trial }) => trial !== null && trial.trouble !== null) ||
    (bucket?.trouble ?? null) !== null;
  return isSick || !findings.runtimes[0]!.isThere ? EXIT_CODE.unexpected : EXIT_CODE.stopped;
}

const serverSettings = configSchema.pick({ INFERENCE_SERVERS: true, INFERENCE_TOKEN: true });

/** Those of the flags, and those of the settings, to which alone the token goes; what is wrong where something is. */
function serversToSee(
  flags: readonly string[],
  { INFERENCE_SERVERS, INFERENCE_TOKEN }: NodeJS.ProcessEnv,
): readonly ServerToSee[] | string {
  const given = configSchema.shape.INFERENCE_SERVERS.safeParse(flags.join(','));
  if (!given.success) return `--server: ${given.error.issues[0]!.message}.`;
  const set = serverSettings.safeParse({
    INFERENCE_SERVERS: INFERENCE_SERVERS || undefined,
    INFERENCE_TOKEN: INFERENCE_TOKEN || undefined,
  });
  if (!set.success) return `${set.error.issues[0]!.path.join('.')}: ${set.error.issues[0]!.message}.`;
  const headers = headersOfServers(set.data);
  const others = given.data.filter((url) => !set.data.INFERENCE_SERVERS.includes(url));
  return [
    ...set.data.INFERENCE_SERVERS.map((url) => ({ url, headers })),
    ...others.map((url) => ({ url, headers: {} })),
  ];
}

function show({ attune, node, platform, runtimes, bucket, database }: Findings, terminal: Terminal): void {
  const mark = (isWell: boolean): string => (isWell ? terminal.style('green', 'ok') : terminal.style('yellow', '--'));
  terminal.line();
  terminal.line(`  ${mark(true)} Attune ${attune}, Node ${node}, ${platform}`);
  for (const { name, version, isThere, formats, note, trial, answersIn } of runtimes) {
    const median = trial?.milliseconds ?? null;
    const speed =
      median !== null
        ? `  ${median.toFixed(2)} ms a picture of the small net`
        : typeof answersIn === 'number'
          ? `  answers within ${answersIn.toFixed(1)} ms`
          : '';
    const isWell = isThere && (trial?.trouble ?? null) === null;
    terminal.line(`  ${mark(isWell)} ${name}${version === null ? '' : ` ${version}`}${speed}`);
    for (const line of [isThere ? formats.join(', ') : '', note, trial?.trouble ?? '']) {
      if (line !== '') terminal.line(`     ${terminal.style('dim', line)}`);
    }
  }
  if (bucket !== null) {
    const { endpoint, bucket: name, milliseconds, trouble } = bucket;
    const speed = milliseconds === null ? '' : `  ${milliseconds.toFixed(0)} ms to write, read, list and delete`;
    terminal.line(`  ${mark(trouble === null)} Bucket ${name} at ${endpoint}${speed}`);
    if (trouble !== null) terminal.line(`     ${terminal.style('dim', trouble)}`);
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
