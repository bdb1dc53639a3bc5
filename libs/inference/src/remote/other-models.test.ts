import { afterEach, describe, expect, it } from 'vitest';
import { refusePackage, type Inference, type NotInferred, type RunnableModel } from '#libs/models';
import { smallNetModel } from '../golden/small-net.model.js';
import { deviation, SmallNet } from '../golden/small-net.js';
import { OpenInferenceServer } from '../testing/open-inference.server.js';
import { OpenInferenceRuntime, type OpenInferenceOptions } from './open-inference.runtime.js';

const [net, otherNet] = [new SmallNet('package'), new SmallNet('another')];
const input = net.drawInput('any');
const golden = net.drawInput('golden');
const name = 'leaf net';

/** The net as a package that holds whoever runs it to one golden case. */
const model: RunnableModel = {
  ...smallNetModel(net),
  golden: async () => ({
    inputs: [golden],
    refusal: ([given]) => {
      const isSame = given !== undefined && deviation(given, net.expected(golden)) < 1e-4;
      return isSame ? null : refusePackage('golden-mismatch', 'apart');
    },
  }),
};

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function aServer(models: Record<string, RunnableModel>, port = 0): Promise<OpenInferenceServer> {
  const server = await OpenInferenceServer.start(new Map(Object.entries(models)), { port });
  closers.push(() => server.close());
  return server;
}

function aRuntime(servers: OpenInferenceServer[], options: Partial<OpenInferenceOptions> = {}): OpenInferenceRuntime {
  const urls = servers.map(({ url }) => url);
  const runtime = new OpenInferenceRuntime({ urls, nameOf: () => ({ name }), ...options });
  closers.push(() => runtime.close());
  return runtime;
}

function isRight(answer: Inference | NotInferred): boolean {
  return answer instanceof Map && deviation(answer as Inference, net.expected(input)) < 1e-4;
}

describe('a model that somebody has put on a server', () => {
  it('is held to the golden cases once, for all who ask for it at the same time', async () => {
    const server = await aServer({ [name]: model });
    const runtime = aRuntime([server]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => runtime.infer(model, input)));
    expect(answers.every(isRight)).toBe(true);
    expect(server.ran.binary).toBe(1 + 5);
  });

  it('is held to them again after a while, and after the server was away', async () => {
    const server = await aServer({ [name]: model });
    const runtime = aRuntime([server], { holding: { right: 0, wrong: 0 } });
    for (let turn = 0; turn < 2; turn++) expect(isRight(await runtime.infer(model, input))).toBe(true);
    expect(server.ran.binary).toBe(2 + 2);

    const patient = aRuntime([server]);
    expect(isRight(await patient.infer(model, input))).toBe(true);
    const { port } = server;
    await server.close();
    expect(await patient.infer(model, input)).toMatchObject({ reason: 'unreachable' });
    const another = await aServer({ [name]: smallNetModel(otherNet) }, port);
    expect(await patient.infer(model, input)).toMatchObject({ reason: 'broken' });
    expect(another.ran.binary).toBe(1);
  });

  it('is never asked about a work where it is another one, and somebody is told', async () => {
    const server = await aServer({ [name]: smallNetModel(otherNet) });
    const told: string[] = [];
    const runtime = aRuntime([server], { onOtherModel: (where, { key }, detail) => told.push(where, key, detail) });
    for (let turn = 0; turn < 2; turn++) {
      expect(await runtime.infer(model, input)).toMatchObject({ reason: 'broken' });
    }
    expect(server.ran.binary).toBe(1);
    expect(told).toEqual([new URL(server.url).host, model.key, 'Its golden cases come out otherwise: apart.']);
    const replicas = aRuntime([server, await aServer({ [name]: model })]);
    for (let turn = 0; turn < 4; turn++) expect(isRight(await replicas.infer(model, input))).toBe(true);
  });

  it('that is not there is no fault of the server, and may come', async () => {
    const server = await aServer({ [name]: model });
    const missing: RunnableModel = { ...smallNetModel(otherNet), key: 'missing' };
    const nameOf = ({ key }: RunnableModel): { name: string } => ({ name: key === 'missing' ? 'other net' : name });
    const options = { nameOf, serverCircuit: { failures: 1, restMs: 60_000 } };
    const runtime = aRuntime([server], options);
    for (let turn = 0; turn < 4; turn++) {
      expect(await runtime.infer(missing, input)).toMatchObject({ reason: 'unsupported' });
      expect(isRight(await runtime.infer(model, input))).toBe(true);
    }
    const { port } = server;
    await server.close();
    await aServer({ 'other net': missing }, port);
    await runtime.evict('missing');
    expect(await runtime.infer(missing, input)).toBeInstanceOf(Map);
  });

  it('is broken where its golden cases cannot be read, and only here', async () => {
    const server = await aServer({ [name]: model });
    const damaged: RunnableModel = { ...model, golden: () => Promise.reject(new Error('the zip is gone')) };
    const answer = await aRuntime([server]).infer(damaged, input);
    expect(answer).toMatchObject({ reason: 'broken', detail: expect.stringContaining('the zip is gone') as string });
    expect(server.ran.binary).toBe(0);
  });
});

describe('a server that asks who we are', () => {
  const headers = { authorization: 'Bearer a-long-secret' };

  it('is told, and says what to do where it is not', async () => {
    const server = await aServer({ [name]: model });
    server.behaviour.token = 'a-long-secret';
    expect(isRight(await aRuntime([server], { headers }).infer(model, input))).toBe(true);
    const stranger = aRuntime([server]);
    expect(await stranger.infer(model, input)).toMatchObject({ reason: 'unreachable' });
    expect((await stranger.status()).note).toMatch(/does not let us in: is INFERENCE_TOKEN/);
  });

  it('does not get it into what is logged, even where it says it itself', async () => {
    const server = await aServer({ [name]: model });
    server.behaviour.fault = 'echo';
    const answer = await aRuntime([server], { headers }).infer(model, input);
    expect(answer).toMatchObject({ detail: expect.stringContaining('Status 400. not for … …') as string });
  });
});
