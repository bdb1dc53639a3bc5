import { isIP } from 'node:net';
import { z } from 'zod';

const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true');
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);

/** How many proxies, or which. */
const proxies = z.string().transform((text, context): number | string[] => {
  if (/^\d$/.test(text)) return Number(text);
  const addresses = text.split(',').map((item) => item.trim());
  if (addresses.every(isAddress)) return addresses;
  context.addIssue('is a number from 0 to 9, or addresses such as 10.0.0.2 or 10.0.0.0/8, separated by commas');
  return z.NEVER;
});

function isAddress(text: string): boolean {
  const [address, bits, ...more] = text.split('/') as [string, string?, ...string[]];
  const size = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
  return size > 0 && more.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= size));
}

/** Base URLs of servers; what is wrong with one is said without quoting it. */
const servers = list.superRefine((urls, context) => {
  if (urls.length > 16) context.addIssue('are at most 16 URLs');
  for (const [index, text] of urls.entries()) {
    const trouble = troubleOfServer(text);
    if (trouble !== null) context.addIssue(`the URL number ${index + 1} ${trouble}`);
  }
  if (new Set(urls).size < urls.length) context.addIssue('names a server twice');
});

function troubleOfServer(text: string): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'is none such as http://triton:8000';
  if (url.username !== '' || url.password !== '') return 'has a password in it: say who you are by INFERENCE_TOKEN';
  return url.search !== '' || url.hash !== '' ? 'has a ? or a # in it' : null;
}

/**
 * Every setting of the API and the worker, read once at start from the environment. docs/configuration.md is generated
 * from the descriptions.
 */
export const configSchema = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address that the API listens on.'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .describe('Port of the API; 0 takes a free one, but not under `npm start`, which has to tell it.'),
  WORKER_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe('When set, the worker answers /metrics, /health/live and /health/ready on this port of HOST.'),
  DATABASE_APP_URL: z
    .string()
    .describe(
      'PostgreSQL connection of the application role, which row-level security binds. `npm start` makes it where it is not set.',
    ),
  DATABASE_POOL_SIZE: z.coerce
    .number()
    .int()
    .min(4)
    .max(200)
    .default(20)
    .describe('Connections that one process may hold, jobs and sockets apart (they hold up to 5 more).'),
  ATTUNE_SECRET: z
    .string()
    .min(32)
    .describe('Seals the signing keys in the database; at least 32 characters, the same for all processes.'),
  ATTUNE_DATA_DIR: z.string().default('./.attune').describe('Folder for uploaded files and, by default, the database.'),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe(
      'How clients reach the API from outside. It is the issuer of tokens, which is `attune` where this is not set.',
    ),
  ALLOWED_ORIGINS: list
    .default([])
    .describe('Web origins, separated by commas, that browsers may call from. The API itself is always allowed.'),
  REDIS_URL: z.string().optional().describe('When set, sockets of several API processes are joined by Redis streams.'),
  TRUST_PROXY: proxies
    .default(0)
    .describe(
      'Proxies of yours that stand before the API: how many a request passes, or their addresses (also 10.0.0.0/8), ' +
        'separated by commas. What they add to X-Forwarded-For is believed, and nothing before it.',
    ),
  GRAPHQL_OPERATIONS_PER_SECOND: z.coerce
    .number()
    .min(0.1)
    .max(1_000_000)
    .default(50)
    .describe(
      'GraphQL operations a second that one user, or without a token one address, may send to one process; ten ' +
        'seconds of it may come at once.',
    ),
  PERSISTED_OPERATIONS_ONLY: flag
    .default(false)
    .describe(
      'Run only the GraphQL operations in docs/persisted-operations.json, except for services and administrators.',
    ),
  PLAYGROUND: flag.default(true).describe('Serve the GraphQL playground at /playground.'),
  ACCESS_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(5)
    .max(3_600)
    .default(600)
    .describe('Life of an access token, in seconds.'),
  REFRESH_TOKEN_SECONDS: z.coerce
    .number()
    .int()
    .min(60)
    .max(31_536_000)
    .default(2_592_000)
    .describe('Life of a sign-in without renewal of the password, in seconds.'),
  SOCKET_SWEEP_SECONDS: z.coerce
    .number()
    .min(0.2)
    .max(300)
    .default(10)
    .describe('How often open sockets are checked for expiry, revocation and enrolment, in seconds.'),
  SHUTDOWN_DELAY_SECONDS: z.coerce
    .number()
    .min(0)
    .max(60)
    .default(0)
    .describe(
      'How long the API still serves after it was told to stop, while /health/ready says 503, in seconds. Behind a ' +
        'proxy: longer than the time that the proxy takes to notice.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('Least level that is logged.'),
  INFERENCE_SERVERS: servers
    .default([])
    .describe(
      'Base URLs, separated by commas, of servers of the Open Inference Protocol 2 (Triton, KServe, OpenVINO) that are ' +
        'replicas of one another. Models that they have are run there, all others here: see training-a-model.md.',
    ),
  INFERENCE_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,4096}$/, 'is one word of ASCII')
    .optional()
    .describe(
      'Sent to each of INFERENCE_SERVERS as `Authorization: Bearer …`; use https where others share the network.',
    ),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'When set, files are kept in a bucket of this S3-compatible store, and not in the data folder: such as ' +
        'https://s3.eu-central-1.amazonaws.com or http://minio:9000. The bucket is asked for as a folder of it (path style).',
    ),
  S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'is no name of a bucket')
    .optional()
    .describe('The bucket, which must be there already. It belongs to one Attune alone.'),
  S3_REGION: z.string().min(1).max(64).default('us-east-1').describe('Its region, which requests are signed for.'),
  S3_ACCESS_KEY_ID: z.string().min(1).max(256).optional().describe('Who asks; she may read, write, delete and list.'),
  S3_SECRET_ACCESS_KEY: z.string().min(1).max(256).optional().describe('What requests are signed with.'),
  S3_SPOOL_MB: z.coerce
    .number()
    .int()
    .min(64)
    .max(1_000_000)
    .default(4_096)
    .describe('Copies of packages and archives from the bucket that may lie in the data folder, in megabytes.'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional().describe('When set, traces are sent there by OTLP over HTTP.'),
  EVENT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3_650)
    .default(30)
    .describe('How long clients can catch up on events, in days.'),
});

export type Config = z.output<typeof configSchema>;

/** The bucket in which files are kept; null where they lie in the data folder. */
export function bucketOf(config: Pick<Config, Extract<keyof Config, `S3_${string}`>>) {
  const { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_REGION: region } = config;
  const { S3_ACCESS_KEY_ID: accessKeyId, S3_SECRET_ACCESS_KEY: secretAccessKey, S3_SPOOL_MB } = config;
  if (endpoint === undefined || bucket === undefined) return null;
  if (accessKeyId === undefined || secretAccessKey === undefined) return null;
  return { endpoint, bucket, region, accessKeyId, secretAccessKey, spoolBytes: S3_SPOOL_MB * 1e6 };
}

const bucketSettings = configSchema.pick({
  S3_ENDPOINT: true,
  S3_BUCKET: true,
  S3_REGION: true,
  S3_ACCESS_KEY_ID: true,
  S3_SECRET_ACCESS_KEY: true,
  S3_SPOOL_MB: true,
});

/** The settings of the bucket alone; in a word what is wrong with them. */
export function parseBucket(
  environment: Readonly<Record<string, string | undefined>>,
): z.output<typeof bucketSettings> | string {
  const given = givenIn(environment);
  const parsed = bucketSettings.safeParse(given);
  if (!parsed.success)
    return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
  return missingOfBucket(given)[0] ?? parsed.data;
}

/** Settings of a bucket that come together or not at all. */
const together = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** What the inference servers know us by, as headers of every request. */
export function headersOfServers({ INFERENCE_TOKEN: token }: Pick<Config, 'INFERENCE_TOKEN'>): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** What has a value: an empty one counts as not set. */
function givenIn(environment: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''));
}

/** A line for each setting of a bucket that is missing beside others. */
function missingOfBucket(given: Readonly<Record<string, string | undefined>>): string[] {
  const missing = together.filter((key) => given[key] === undefined);
  if (missing.length === together.length) return [];
  return missing.map((key) => `${key}: is needed with the other settings of the bucket`);
}

/** Parses the environment; the error names each wrong key in a line of its own. */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const given = givenIn(environment);
  const parsed = configSchema.safeParse(given);
  const missing = missingOfBucket(given);
  if (parsed.success && missing.length === 0) return parsed.data;
  const lines = (parsed.error?.issues ?? []).map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  lines.push(...missing.map((line) => `  ${line}`));
  throw new Error(`The configuration is not valid:\n${lines.join('\n')}\nSee docs/configuration.md.`);
}
