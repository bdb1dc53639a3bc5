import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serverModelName } from '#libs/inference';
import type { RunnableModel } from '#libs/models';
import { OpenInferenceServer } from '../support/inference-server.js';
import { examplePicture, judge, packagedModel } from '../support/model-package.js';
import { ModelSchool } from '../support/model-school.js';

const token = 'what-the-servers-know-us-by';
/** Golden cases of a package of the tests, which are run before it is believed. */
const goldenCases = 4;

/** A school with a server of its own, which its operator names in the settings. */
describe('models on the servers of a school', () => {
  const log: string[] = [];
  let port: number;
  let server: OpenInferenceServer;
  let place: ModelSchool;
  const models = new Map<string, RunnableModel>();

  beforeAll(async () => {
    await serve(0);
    port = server.port;
    const settings = { INFERENCE_SERVERS: server.url, INFERENCE_TOKEN: token, WORKER_PORT: '0', LOG_LEVEL: 'info' };
    place = await ModelSchool.open('server-school', settings, { write: (line: string) => void log.push(line) });
  }, 60_000);
  afterAll(async () => {
    await place?.close();
    await server?.close();
  });

  async function serve(at = port): Promise<void> {
    server = await OpenInferenceServer.start(models, { port: at });
    server.behaviour.token = token;
  }

  /** Makes a model active, puts one on the server under its name, and sets work that it grades. */
  async function activate(name: string, seed: string, served: string | null): Promise<string> {
    const zip = await place.desk.package({ name, seed });
    if (served !== null) {
      models.set(serverModelName(createHash('sha256').update(zip).digest('hex')), packagedModel(served));
      await server.close();
      await serve();
    }
    const model = await place.desk.settled(await place.desk.upload(zip));
    await place.desk.movedOn(model, 'candidate', 'active');
    const hints = { orient: 'Look at its corners.', point: 'How many?', show: 'It has none.' };
    const specification = { kind: 'classify', version: 1, model: name, expected: 'circle', points: 4, skill: 'shapes' };
    return (await place.assign({ ...specification, hints }))['id'] as string;
  }

  /** Has a work graded, and demands that the judgement is the package's. */
  async function grade(assignmentId: string, seed: string, picture: string): Promise<void> {
    const bytes = await examplePicture(picture);
    const { judgements } = await place.graded(assignmentId, bytes);
    const { label, probability } = await judge(seed, bytes);
    expect(judgements).toMatchObject([{ label, probability: expect.closeTo(probability, 3) as number }]);
  }

  const counted = async (where: string, reason: string): Promise<number> => {
    const text = await (await fetch(`${place.workerUrl}/metrics`)).text();
    const series = `attune_inferences_total{place="${where}",reason="${reason}"`;
    return Number(
      text
        .split('\n')
        .find((line) => line.startsWith(series))
        ?.split(' ')[1] ?? 0,
    );
  };
  const said = (message: string): unknown[] =>
    log.map((line) => JSON.parse(line) as { msg: string }).filter(({ msg }) => msg === message);

  it('grade there, here while they are away, and there again', async () => {
    const assignment = await activate('Served', 'served', 'served');
    await grade(assignment, 'served', 'one');
    expect(server.ran.binary).toBe(goldenCases + 1);
    await grade(assignment, 'served', 'two');
    expect(server.ran.binary).toBe(goldenCases + 2);
    expect(await counted('servers', 'none')).toBe(2);

    await server.close();
    await grade(assignment, 'served', 'three');
    await grade(assignment, 'served', 'four');
    expect(await counted('here', 'unreachable')).toBe(2);
    expect(said('model runs here instead')).toMatchObject([{ reason: 'unreachable' }]);

    await serve();
    // The first work may still find that it rests; uploads are limited for each learner.
    for (let turn = 0; server.ran.binary === 0 && turn < 8; turn++) {
      await setTimeout(turn * 400);
      await grade(assignment, 'served', `again ${turn}`);
    }
    expect(server.ran.binary).toBe(goldenCases + 1);
    expect(said('model runs on the servers')).toHaveLength(2);
  }, 60_000);

  it('grade here where the servers do not have them, or another one under their name', async () => {
    await grade(await activate('Not served', 'not served', null), 'not served', 'five');
    expect(server.ran.binary).toBe(goldenCases + 1);
    expect(await counted('here', 'unsupported')).toBe(1);

    const assignment = await activate('Mistaken', 'mistaken', 'some other');
    for (const picture of ['six', 'seven']) await grade(assignment, 'mistaken', picture);
    expect(server.ran.binary).toBe(goldenCases);
    expect(await counted('here', 'broken')).toBe(2);
    expect(said('server has another model under this name')).toHaveLength(1);
  }, 60_000);

  it('leave no token in the log', () => {
    expect(log.length).toBeGreaterThan(0);
    expect(log.join('')).not.toContain(token);
  });
});
