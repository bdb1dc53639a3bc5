import { afterEach, describe, expect, it } from 'vitest';
import type { Inference, NotInferred } from '#libs/models';
import { smallNetModel } from '../golden/small-net.model.js';
import { deviation, SmallNet } from '../golden/small-net.js';
import { OpenInferenceServer, type Behaviour } from '../testing/open-inference.server.js';
import { OpenInferenceRuntime, type OpenInferenceOptions } from './open-inference.runtime.js';

const net = new SmallNet('remote');
const model = smallNetModel(net);
const input = net.drawInput('any');
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function servers(count: number): Promise<OpenInferenceServer[]> {
  const all = await Promise.all(
    Array.from({ length: count }, () => OpenInferenceServer.start(new Map([['leaf net', model]]))),
  );
  closers.push(...all.map((server) => () => server.close()));
  return all;
}

function aRuntime(urls: string[], options: Partial<OpenInferenceOptions> = {}): OpenInferenceRuntime {
  const nameOf = (): { name: string; version: string } => ({ name: 'leaf net', version: '1' });
  const runtime = new OpenInferenceRuntime({ urls, nameOf, ...options });
  closers.push(() => runtime.close());
  return runtime;
}

function isRight(answer: Inference | NotInferred): boolean {
  return answer instanceof Map && deviation(answer as Inference, net.expected(input)) < 1e-4;
}

describe('models on servers of the Open Inference Protocol', () => {
  it.each([true, false])('travel in binary where the server offers it (%s), as JSON where not', async (isBinary) => {
    const [server] = await servers(1);
    server!.behaviour.isBinary = isBinary;
    expect(isRight(await aRuntime([server!.url]).infer(model, input))).toBe(true);
    expect(server!.ran).toEqual(isBinary ? { binary: 1, json: 0 } : { binary: 0, json: 1 });
  });

  it('are asked of all servers in turn', async () => {
    const all = await servers(2);
    const runtime = aRuntime(all.map(({ url }) => url));
    for (let turn = 0; turn < 4; turn++) expect(isRight(await runtime.infer(model, input))).toBe(true);
    expect(all.map(({ ran }) => ran.binary)).toEqual([2, 2]);
  });

  const faults: Behaviour['fault'][] = [
    'hang-up',
    'error',
    'busy',
    'nonsense',
    'wrong-shape',
    'short-data',
    'redirect',
    'endless',
    'refuse',
  ];
  it.each(faults)('are asked of the next server where one fails: %s', async (fault) => {
    const [bad, good] = await servers(2);
    bad!.behaviour.fault = fault;
    const runtime = aRuntime([bad!.url, good!.url], { answerBytes: 1_000_000 });
    for (let turn = 0; turn < 6; turn++) expect(isRight(await runtime.infer(model, input))).toBe(true);
  });

  it.each([
    ['hang-up', 'unreachable'],
    ['error', 'unreachable'],
    ['busy', 'busy'],
    ['nonsense', 'broken'],
    ['wrong-shape', 'broken'],
    ['short-data', 'broken'],
    ['redirect', 'broken'],
    ['endless', 'unreachable'],
    ['refuse', 'broken'],
  ] as const)('are refused where no server is left: %s is %s', async (fault, reason) => {
    const [server] = await servers(1);
    server!.behaviour.fault = fault;
    const answer = await aRuntime([server!.url], { answerBytes: 1_000_000 }).infer(model, input);
    expect(answer).toMatchObject({ kind: 'not-inferred', reason });
  });

  it('are refused as JSON with too few numbers as well', async () => {
    const [server] = await servers(1);
    Object.assign(server!.behaviour, { isBinary: false, fault: 'short-data' });
    expect(await aRuntime([server!.url]).infer(model, input)).toMatchObject({ reason: 'broken' });
  });

  it('are asked of the next server where one does not answer in time, or at all', async () => {
    const [slow, good] = await servers(2);
    slow!.behaviour.delay = 5_000;
    const gone = await OpenInferenceServer.start(new Map());
    await gone.close();
    const runtime = aRuntime([slow!.url, 'http://127.0.0.1:9', good!.url], { attemptMs: 200 });
    for (let turn = 0; turn < 3; turn++) expect(isRight(await runtime.infer(model, input))).toBe(true);
    expect(await aRuntime([slow!.url], { attemptMs: 50 }).infer(model, input)).toMatchObject({ reason: 'too-slow' });
    expect(await aRuntime([slow!.url]).infer(model, input, { timeout: 50 })).toMatchObject({ reason: 'too-slow' });
  });

  it('leave a server alone that keeps failing, until it is well again', async () => {
    const [server] = await servers(1);
    server!.behaviour.isReady = false;
    const runtime = aRuntime([server!.url], { serverCircuit: { failures: 1, restMs: 60_000 }, healthMs: 20 });
    expect(await runtime.infer(model, input)).toMatchObject({
      reason: 'unreachable',
      detail: expect.stringContaining('503') as string,
    });
    expect(await runtime.infer(model, input)).toMatchObject({
      reason: 'unreachable',
      detail: 'All servers have failed, and rest for a while.',
    });
    server!.behaviour.isReady = true;
    await expect.poll(() => runtime.infer(model, input).then(isRight)).toBe(true);
  });

  it('are unsupported where the servers do not have them', async () => {
    const [server] = await servers(1);
    expect(await aRuntime([server!.url], { nameOf: () => null }).infer(model, input)).toMatchObject({
      reason: 'unsupported',
    });
    const elsewhere = aRuntime([server!.url], { nameOf: () => ({ name: 'leaf net', version: '2' }) });
    expect(await elsewhere.infer(model, input)).toMatchObject({
      reason: 'unsupported',
      detail: expect.stringContaining('no such model') as string,
    });
  });

  it('are told of as they are', async () => {
    const [one, two] = await servers(2);
    const runtime = aRuntime([one!.url, two!.url]);
    expect(await runtime.status()).toMatchObject({
      isThere: true,
      version: 'attune-test 2.1.0',
      note: 'All servers are ready.',
    });
    two!.behaviour.isReady = false;
    const { isThere, note } = await runtime.status();
    expect(isThere).toBe(true);
    expect(note).toMatch(`${new URL(two!.url).host} is not ready (Status 503.): it may still load models`);
    one!.behaviour.isReady = false;
    expect(await runtime.status()).toMatchObject({ isThere: false, version: null });
  });

  it('are spoken to over connections that the server may close at any time', async () => {
    const [server] = await servers(1);
    const runtime = aRuntime([server!.url], { serverCircuit: { failures: 1, restMs: 60_000 } });
    for (let turn = 0; turn < 5; turn++) {
      expect(isRight(await runtime.infer(model, input))).toBe(true);
      server!.hangUp();
    }
  });

  it('go to http and https only', () => {
    expect(() => aRuntime(['file:///etc'])).toThrow('http://');
  });
});
