import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket as TcpSocket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Socket } from 'socket.io-client';
import { ask, connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';

/** A line to PostgreSQL that may break after a response was committed and before anybody hears of it. */
class BreakableLine {
  /** Set: the next connection that stores a response breaks as soon as PostgreSQL answers to it. */
  breaking = false;
  private readonly sockets = new Set<TcpSocket>();

  private constructor(private readonly server: Server) {}

  static async to(url: string): Promise<{ line: BreakableLine; url: string }> {
    const target = new URL(url);
    const [port, host] = [Number(target.port), target.hostname];
    const server = createServer();
    const line = new BreakableLine(server);
    server.on('connection', (client) => line.join(client, connectTcp(port, host)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    target.hostname = '127.0.0.1';
    target.port = String((server.address() as AddressInfo).port);
    return { line, url: target.href };
  }

  private join(client: TcpSocket, database: TcpSocket): void {
    let committing = false;
    client.on('data', (sent) => {
      committing ||= this.breaking && sent.includes('COMMIT') && sent.includes('response.recorded');
      database.write(sent);
    });
    database.on('data', (answered) => {
      if (!committing) return void client.write(answered);
      this.breaking = false;
      client.destroy();
      database.end();
    });
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      this.sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        this.sockets.delete(one);
        other.destroy();
      });
    }
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }
}

describe('a line that breaks after the commit', () => {
  let postgres: OwnPostgres;
  let line: BreakableLine;
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    const broken = await BreakableLine.to(postgres.database.appUrl);
    line = broken.line;
    api = await startTestApi({}, { ...postgres.database, appUrl: broken.url });
    school = await foundSchool(api.app, 'broken-line-school');
    learner = await school.join('student', 'learner');
    socket = await connect(api.url, '/learn', learner.token);
  }, 120_000);
  afterAll(async () => {
    socket?.close();
    await api?.stop();
    line?.close();
    await postgres?.destroy();
  });

  it('never says that nothing was stored, and the same id again finds what was', async () => {
    const opened = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    const { activityId, version, form } = opened.recommended!.activity;
    const body = {
      id: newId(),
      sessionId: opened.sessionId,
      activityId,
      activityVersion: version,
      answer: form.kind === 'none' ? ({ kind: 'done' } as const) : ({ kind: 'choice', option: 'no' } as const),
      durationMs: 5_000,
      at: Date.now(),
    };
    line.breaking = true;
    const lost = await ask(socket, '/learn', 'response.record', body);
    expect(lost).toMatchObject({ kind: 'failure', code: 'UNAVAILABLE' });
    expect((lost as { message: string }).message).toMatch(/not known whether .* stored.*same id/);
    // PostgreSQL may answer to the first of what it was sent before it has come to the commit.
    const stored = () => query<{ id: string }>(postgres.database.ownerUrl, 'SELECT id FROM responses');
    await until(async () => (await stored()).length > 0);
    expect(await stored(), 'it was stored all the same').toEqual([{ id: body.id }]);
    expect(await mustAsk(socket, '/learn', 'response.record', body)).toMatchObject({ resent: true, sequence: 1 });
    expect(await query(postgres.database.ownerUrl, 'SELECT id FROM responses')).toHaveLength(1);
  });
});
