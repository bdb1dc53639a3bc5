import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema, parseConfig } from '#libs/platform';

const root = join(import.meta.dirname, '../..');
const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8');

const serviceSchema = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  ports: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  networks: z.array(z.string()),
  restart: z.string(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()).optional(), disable: z.boolean().optional() }).optional(),
  stop_grace_period: z.string().optional(),
  deploy: z.object({ replicas: z.number() }).optional(),
  read_only: z.boolean().optional(),
  cap_drop: z.array(z.string()).optional(),
});
const composeSchema = z.object({
  services: z.record(z.string(), serviceSchema),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
});

/** What an operator puts into .env. */
const chosen: Record<string, string> = {
  ATTUNE_PUBLIC_URL: 'https://attune.example',
  ATTUNE_SITE: 'attune.example',
  ATTUNE_SECRET: 's'.repeat(64),
  POSTGRES_PASSWORD: 'superuser',
  ATTUNE_OWNER_PASSWORD: 'owner',
  ATTUNE_APP_PASSWORD: 'application',
  REDIS_PASSWORD: 'redis',
};

/** Fills in `${NAME:?…}` and `${NAME:-…}` as Compose does. */
function interpolate(value: string | number): string {
  return String(value).replaceAll(/\$\{(\w+)(?::([?-])[^}]*)?\}/g, (_, name: string) => chosen[name] ?? '');
}

describe('docker-compose.yml', () => {
  let services: z.output<typeof composeSchema>['services'];
  let compose: z.output<typeof composeSchema>;
  let text: string;
  let caddyfile: string;
  let dockerfile: string;

  beforeAll(async () => {
    text = await read('docker-compose.yml');
    compose = composeSchema.parse(parse(text, { merge: true }));
    services = compose.services;
    caddyfile = await read('deploy/Caddyfile');
    dockerfile = await read('Dockerfile');
  });

  const environmentOf = (service: string): Record<string, string> =>
    Object.fromEntries(Object.entries(services[service]!.environment).map(([key, value]) => [key, interpolate(value)]));

  it('has two APIs, two workers, PostgreSQL, Redis, a proxy, and a migration that comes first', () => {
    expect(Object.keys(services).toSorted()).toEqual([
      'api-1',
      'api-2',
      'migrate',
      'postgres',
      'proxy',
      'redis',
      'worker',
    ]);
    expect(services['worker']!.deploy!.replicas).toBe(2);
    for (const part of ['api-1', 'api-2', 'worker']) {
      expect(services[part]!.depends_on['migrate']).toEqual({ condition: 'service_completed_successfully' });
      expect(services[part]!.depends_on['redis']).toEqual({ condition: 'service_healthy' });
    }
    expect(services['migrate']!.depends_on['postgres']).toEqual({ condition: 'service_healthy' });
    expect(services['migrate']!.restart).toBe('no');
  });

  it('sets only what the programs read, and what they read is valid', () => {
    const known = new Set([...Object.keys(configSchema.shape), 'NODE_ENV']);
    for (const part of ['api-1', 'api-2', 'worker']) {
      expect(Object.keys(environmentOf(part)).filter((key) => !known.has(key))).toEqual([]);
    }
    expect(Object.keys(environmentOf('migrate')).toSorted()).toEqual([
      'ATTUNE_DATA_DIR',
      'ATTUNE_SECRET',
      'DATABASE_APP_URL',
      'DATABASE_URL',
    ]);
    expect(parseConfig(environmentOf('api-1'))).toMatchObject({
      HOST: '0.0.0.0',
      PORT: 3000,
      TRUST_PROXY: 1,
      PLAYGROUND: false,
      REDIS_URL: 'redis://:redis@redis:6379',
      DATABASE_APP_URL: 'postgresql://attune_app:application@postgres:5432/attune',
    });
    expect(environmentOf('api-2')).toEqual(environmentOf('api-1'));
    expect(parseConfig(environmentOf('worker')).DATABASE_APP_URL).toBe(
      parseConfig(environmentOf('api-1')).DATABASE_APP_URL,
    );
    expect(environmentOf('migrate')['DATABASE_APP_URL']).toBe(environmentOf('api-1')['DATABASE_APP_URL']);
  });

  it('has no default password: each one is asked for', async () => {
    const example = await read('.env.example');
    const used = [...text.matchAll(/\$\{(\w+)(:[?-])?/g)].map(([, name, kind]) => ({ name: name!, kind }));
    // Without a bucket there is nothing to sign for: its key is empty.
    expect(text).toContain('${S3_SECRET_ACCESS_KEY:-}');
    const secrets = used.filter(({ name }) => /PASSWORD|SECRET/.test(name) && name !== 'S3_SECRET_ACCESS_KEY');
    expect(new Set(secrets.map(({ name }) => name)).size).toBe(5);
    for (const { name, kind } of secrets) expect(kind, name).toBe(':?');
    for (const { name } of secrets) expect(example, name).toMatch(new RegExp(`^${name}=$`, 'm'));
    for (const [, credentials] of text.matchAll(/:\/\/([^@\s]*)@/g)) expect(credentials).toMatch(/:\$\{\w+:\?[^}]*\}$/);
    for (const name of Object.keys(chosen)) expect(example, name).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  it('pins every image', () => {
    const images = Object.values(services)
      .filter(({ build }) => build === undefined)
      .map(({ image }) => image)
      .concat([...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image!));
    expect(images.length).toBeGreaterThanOrEqual(5);
    for (const image of images) expect(image).toMatch(/^[a-z/]+:\d+\.\d+(\.\d+)?[a-z0-9.-]*$/);
  });

  it('opens the ports of the proxy only', () => {
    const open = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(open.map(([name]) => name)).toEqual(['proxy']);
  });

  it('asks each part how it is', () => {
    for (const name of ['postgres', 'redis', 'api-1', 'api-2', 'proxy']) {
      expect(services[name]!.healthcheck?.test?.length, name).toBeGreaterThan(1);
    }
    expect(services['api-1']!.healthcheck!.test!.join(' ')).toContain('/health/ready');
    const { HOST, WORKER_PORT } = parseConfig(environmentOf('worker'));
    expect(HOST).toBe('0.0.0.0'); // for whoever gathers the figures on the inside
    expect(services['worker']!.healthcheck!.test!.join(' ')).toContain(`127.0.0.1:${WORKER_PORT}/health/ready`);
  });

  it('gives the API time to go: longer than the proxy takes to notice, and than its requests take to end', () => {
    const delay = parseConfig(environmentOf('api-1')).SHUTDOWN_DELAY_SECONDS;
    const interval = Number(/health_interval (\d+)s/.exec(caddyfile)![1]);
    expect(delay).toBeGreaterThan(2 * interval);
    expect(Number.parseInt(services['api-1']!.stop_grace_period!)).toBeGreaterThan(delay + 9);
    expect(Number.parseInt(services['worker']!.stop_grace_period!)).toBeGreaterThan(9);
  });

  it('runs the image without rights, on files that are there', async () => {
    for (const name of ['api-1', 'api-2', 'worker', 'migrate']) {
      const { read_only, cap_drop, command } = services[name]!;
      expect({ read_only, cap_drop }, name).toEqual({ read_only: true, cap_drop: ['ALL'] });
      const entry = command!.find((word) => word.endsWith('.js'))!;
      expect(existsSync(join(root, entry.replace(/^dist\//, '').replace(/\.js$/, '.ts'))), entry).toBe(true);
    }
    const stages = dockerfile.split(/^FROM /m).slice(1);
    expect(stages).toHaveLength(2);
    expect(stages[0]).toContain('npm ci');
    expect(stages[1]).toMatch(/^USER node$/m);
    for (const [, path] of stages[1]!.matchAll(/^COPY --from=build \/app\/(\S+)/gm)) {
      if (path !== 'dist' && path !== 'node_modules') expect(existsSync(join(root, path!)), path).toBe(true);
    }
    const ignored = (await read('.dockerignore')).split('\n');
    for (const path of ['.git', '.attune', '.env', '**/node_modules', 'dist']) expect(ignored).toContain(path);
  });

  it('mounts what is there, and names each volume and network', () => {
    for (const { volumes, networks } of Object.values(services)) {
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const volume of volumes) {
        const [source] = volume.split(':') as [string];
        if (source.startsWith('./')) expect(existsSync(join(root, source)), source).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  it('sends everything to the two APIs, but the figures of the inside to nobody', () => {
    const upstreams = /^\treverse_proxy (.+) \{$/m.exec(caddyfile)![1]!.split(' ');
    expect(upstreams).toEqual(['api-1:3000', 'api-2:3000']);
    for (const upstream of upstreams) expect(services[upstream.split(':')[0]!]!.networks).toContain('edge');
    expect(services['proxy']!.networks).toContain('edge');
    expect(caddyfile).toContain('health_uri /health/ready');
    expect(caddyfile).toMatch(/^\tlb_policy cookie|^\t\tlb_policy cookie/m);
    // Only /metrics is answered by the proxy itself; no other path is told apart.
    expect(
      [...caddyfile.matchAll(/^\t(?:respond|handle|route|redir|@\w+)\b.*$/gm)].map(([line]) => line.trim()),
    ).toEqual(['respond /metrics 404', 'respond "ready"']);
  });

  it('lets PostgreSQL take as many connections as its parts may hold', async () => {
    const runbook = await read('docs/runbooks/connections.md');
    const budgetOf = (part: string): number =>
      Number(new RegExp(`^\\| ${part} .*\\| (\\d+) +\\|$`, 'm').exec(runbook)![1]);
    const needed = 2 * budgetOf('API') + 2 * budgetOf('Worker') + budgetOf('`npx') + budgetOf('start');
    const most = Number(/max_connections=(\d+)/.exec(services['postgres']!.command!.join(' '))![1]);
    expect(most).toBeGreaterThan(needed + 3);
  });
});
