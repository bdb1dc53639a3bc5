import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createEmptyDatabase } from '../support/postgres.js';
import { makeDatabaseFolder } from '../support/postgres-folder.js';
import { mountSmallDisk, noSmallDisk } from '../support/small-disk.js';
import { freePort, isAlive, SERVE_ENTRY, ServeProcess } from '../support/serve-process.js';

describe('attune serve, on a data folder of its own', () => {
  let folder: string;
  let dataFolder: string;
  let port: number;
  let running: ServeProcess[] = [];

  beforeAll(async () => {
    folder = await makeDatabaseFolder();
    dataFolder = join(folder, 'data');
    port = await freePort();
  });

  beforeEach(({ skip }) => {
    skip(!existsSync(SERVE_ENTRY), 'not built: npm test builds first');
  });

  afterEach(async () => {
    await Promise.all(running.map((server) => server.stop()));
    running = [];
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  function serve(env: NodeJS.ProcessEnv = {}, data = dataFolder): ServeProcess {
    const process = ServeProcess.spawn(data, port, env);
    running.push(process);
    return process;
  }

  const health = (url: string) => fetch(`${url}/health/ready`).then(({ status }) => status);

  async function untilGone(pids: number[]): Promise<void> {
    while (pids.some(isAlive)) await sleep(20);
  }

  it('starts from nothing, says where everything is, and leaves no process behind', async () => {
    const first = serve();
    await first.ready();

    expect(await health(first.url)).toBe(200);
    for (const address of ['/playground', '/docs/', '/health/ready', '/metrics']) {
      expect(first.screen).toContain(`${first.url}${address}`);
      expect((await fetch(`${first.url}${address}`)).status, address).toBe(200);
    }
    for (const file of ['postgres.json', 'secret', 'attune.lock']) {
      expect((await stat(join(dataFolder, file))).mode & 0o077).toBe(0);
    }
    expect(await signInWithAll(first)).toEqual(['student', 'teacher', 'admin']);
    expect(await pasteFromScreen(first)).toMatchObject({
      viewer: { name: 'Sam Student', roles: ['student'] },
      courses: { edges: [{ node: { title: expect.stringMatching(/cell/i), skills: expect.any(Array) } }] },
    });
    expect(first.screen).not.toContain('\u001b'); // no colours, no cursor movements: this is not a terminal

    const processes = [...(await first.parts()), await first.postgres()];
    expect(processes).toHaveLength(3);
    expect(await first.stop()).toMatchObject({ code: 0, screen: expect.stringContaining('everything has stopped') });
    await untilGone(processes);
    expect(existsSync(join(dataFolder, 'attune.lock'))).toBe(false);
  });

  const post = async (server: ServeProcess, document: string, token?: string) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
    const body = JSON.stringify({ query: document });
    const response = await fetch(`${server.url}/graphql`, { method: 'POST', headers, body });
    return ((await response.json()) as { data: Record<string, never> }).data;
  };

  /** Signs in with each e-mail address and password on the screen. @returns the roles */
  async function signInWithAll(server: ServeProcess): Promise<string[]> {
    const rows = server.screen.matchAll(/^ +(student|teacher|admin) +(\S+@\S+) +password (\S+)$/gm);
    const roles: string[] = [];
    for (const [, role, email, password] of rows) {
      const input = `institution: "demo", email: "${email}", password: "${password}"`;
      const { signIn } = await post(server, `mutation { signIn(input: { ${input} }) { __typename } }`);
      if ((signIn as unknown as { __typename: string }).__typename === 'Tokens') roles.push(role!);
    }
    return roles;
  }

  /** Does what the screen says: the mutation, and then the query with its token. */
  async function pasteFromScreen(server: ServeProcess): Promise<unknown> {
    const printed = (start: string) => new RegExp(`^ +(${start} \\{.+\\})$`, 'm').exec(server.screen)![1]!;
    const { signIn } = await post(server, printed('mutation'));
    return post(server, printed('query'), (signIn as unknown as { accessToken: string }).accessToken);
  }

  it('brings back what ends by itself, and says so', async () => {
    const server = serve();
    await server.ready();
    for (const pid of await server.parts()) process.kill(pid, 'SIGKILL');
    await server.shows('API        is back');
    await server.shows('Worker     is back');
    process.kill(await server.postgres(), 'SIGKILL');
    await server.shows('PostgreSQL is back');

    expect(server.screen).toContain('API        ended by itself (signal SIGKILL); starting it again in 0.2 s');
    while ((await health(server.url).catch(() => 0)) !== 200) await sleep(50);
  });

  it('takes over what a supervisor left behind that was killed', async () => {
    const killed = serve();
    await killed.ready();
    const left = [...(await killed.parts()), await killed.postgres()];
    killed.kill('SIGKILL');
    await killed.ended;

    const next = serve();
    await next.ready();
    expect(next.screen).toContain('PostgreSQL was still running from an earlier start');
    expect(next.screen).toContain('Sign in to the institution "demo"');
    expect(next.screen).not.toMatch(/password \S/); // they were shown once
    expect(await health(next.url)).toBe(200);
    await untilGone(left);
  });

  /** Waits until the API and the worker are there, which is before they are ready. */
  async function starting(server: ServeProcess): Promise<number[]> {
    for (;;) {
      const parts = await server.parts().catch(() => []);
      if (parts.length === 2) return parts;
      await sleep(5);
    }
  }

  it('leaves no part running that was still starting when the supervisor was killed', async () => {
    const killed = serve();
    const parts = await starting(killed);
    killed.kill('SIGKILL');
    expect((await killed.ended).screen).not.toContain('API, worker');
    await untilGone(parts);
    await serve().ready();
  });

  it('stops while it starts, without waiting for what starts', async () => {
    const server = serve();
    const parts = await starting(server);
    const { code, screen } = await server.stop();
    expect(code).toBe(0);
    expect(screen).toMatch(/-- +API, worker/); // it did not get there
    expect(screen).toContain('everything has stopped');
    await untilGone(parts);
    expect(existsSync(join(dataFolder, 'attune.lock'))).toBe(false);
  });

  it('does not start a second database in another container on the same folder', async ({ skip }) => {
    const container = ['unshare', '--pid', '--fork', '--mount-proc'];
    skip(
      spawnSync(container[0]!, [...container.slice(1), 'true']).status !== 0,
      'no process namespaces can be made here',
    );
    const first = serve();
    await first.ready();
    const postgres = await first.postgres();
    const second = ServeProcess.spawn(dataFolder, await freePort(), {}, container);
    running.push(second);
    const { code, screen } = await second.ended;
    expect(code).toBe(3);
    expect(screen).toContain(`Attune already runs on this data folder, at ${first.url}`);
    expect(await first.postgres()).toBe(postgres);
    expect(isAlive(postgres)).toBe(true);
    expect(await health(first.url)).toBe(200);
  });

  it('runs once per data folder', async () => {
    const first = serve();
    await first.ready();
    const second = await serve().ended;
    expect(second.code).toBe(3);
    expect(second.screen).toContain(`Attune already runs on this data folder, at ${first.url}`);
    expect(await health(first.url)).toBe(200);
  });

  it('says when the port is taken', async () => {
    const other: Server = createServer((_, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    const { code, screen } = await serve().ended;
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(3);
    expect(screen).toContain(`Port ${port} is taken by another program.`);
  });

  it('says when the data folder holds another PostgreSQL', async () => {
    const old = join(folder, 'old');
    await mkdir(join(old, 'postgres'), { recursive: true });
    await writeFile(join(old, 'postgres/PG_VERSION'), '15\n');
    const { code, screen } = await serve({}, old).ended;
    expect(code).toBe(4);
    expect(screen).toContain('holds a database of PostgreSQL 15, and this Attune runs PostgreSQL 18');
  });

  it('says when the data folder is not a folder', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    const { code, screen } = await serve({}, file).ended;
    expect(code).toBe(4);
    expect(screen).toContain(`The data folder ${file} is not a folder.`);
  });

  it('says when the disk is full', async ({ skip }) => {
    skip(noSmallDisk !== null, noSmallDisk ?? '');
    const disk = mountSmallDisk(1);
    try {
      await disk.fill();
      const { code, screen } = await serve({}, join(disk.path, 'data')).ended;
      expect(code).toBe(4);
      expect(screen).toMatch(/The disk that holds .*data is full\. Free some space and start again/);
      expect(screen).not.toMatch(/^ +at /m); // no stack
    } finally {
      disk.unmount();
    }
  });

  it('says when DATABASE_URL leads nowhere', async () => {
    const DATABASE_URL = `postgresql://ann:secret@127.0.0.1:${await freePort()}/school`;
    const { code, screen } = await serve({ DATABASE_URL }, join(folder, 'nowhere')).ended;
    expect(code).toBe(5);
    expect(screen).toContain('Nothing answers at 127.0.0.1');
    expect(screen).not.toContain('secret');
  });

  it('runs on a database of the operator, and starts no other', async () => {
    const database = await createEmptyDatabase();
    const own = join(folder, 'own');
    // The sign-ins of another database, which this data folder had before.
    await mkdir(own, { mode: 0o711 });
    await copyFile(join(dataFolder, 'demo-accounts.json'), join(own, 'demo-accounts.json'));
    const HOST = '127.0.0.2';
    const server = serve({ DATABASE_URL: database.ownerUrl, DATABASE_APP_URL: database.appUrl, HOST }, own);
    await server.ready();
    expect(server.screen).toContain(`Attune is ready at http://${HOST}:${port}`);
    expect(await health(`http://${HOST}:${port}`)).toBe(200);
    await expect(health(server.url)).rejects.toThrow('fetch failed'); // 127.0.0.1, where it was not told to listen
    expect(existsSync(join(own, 'postgres.json'))).toBe(false);
    expect(server.screen).not.toContain('Sign in to'); // the demo school is not seeded there unasked
    await server.stop();
    await database.drop();
  });
});
