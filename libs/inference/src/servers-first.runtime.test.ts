import { afterEach, describe, expect, it } from 'vitest';
import type { InferenceRefusal } from '#libs/models';
import { smallNetModel } from './golden/small-net.model.js';
import { deviation, SmallNet } from './golden/small-net.js';
import { OnnxRuntime } from './onnx/onnx.runtime.js';
import { OpenInferenceRuntime, type OpenInferenceOptions } from './remote/open-inference.runtime.js';
import { ServersFirstRuntime } from './servers-first.runtime.js';
import { OpenInferenceServer, type Behaviour } from './testing/open-inference.server.js';

const net = new SmallNet('servers first');
const model = smallNetModel(net);
const input = net.drawInput('any');
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Setup {
  readonly server: OpenInferenceServer;
  readonly runtime: ServersFirstRuntime;
  /** Why the servers gave nothing, by example; null where they answered. */
  readonly refusals: (InferenceRefusal | null)[];
}

async function set(options: Partial<OpenInferenceOptions> = {}): Promise<Setup> {
  const server = await OpenInferenceServer.start(new Map([['net', model]]));
  const refusals: (InferenceRefusal | null)[] = [];
  const urls = [server.url];
  const runtime = new ServersFirstRuntime({
    servers: new OpenInferenceRuntime({ urls, nameOf: () => ({ name: 'net' }), ...options }),
    here: new OnnxRuntime({ threads: 1 }),
    onAsked: ({ refusal }) => refusals.push(refusal?.reason ?? null),
  });
  closers.push(
    () => server.close(),
    () => runtime.close(),
  );
  return { server, runtime, refusals };
}

async function demandRight(runtime: ServersFirstRuntime, timeout?: number): Promise<void> {
  const answer = await runtime.infer(model, input, timeout === undefined ? {} : { timeout });
  if ('reason' in answer) throw new Error(`${answer.reason}: ${answer.detail}`);
  expect(deviation(answer, net.expected(input))).toBeLessThan(1e-4);
}

describe('models that servers may have', () => {
  it('are run there, here while they are away, and there again', async () => {
    const { server, runtime, refusals } = await set({ serverCircuit: { failures: 1, restMs: 60_000 }, healthMs: 20 });
    await demandRight(runtime);
    server.behaviour.isReady = false;
    server.behaviour.fault = 'error';
    await demandRight(runtime);
    expect(server.ran.binary).toBe(1);
    server.behaviour.isReady = true;
    server.behaviour.fault = 'none';
    await expect.poll(() => demandRight(runtime).then(() => server.ran.binary)).toBe(2);
    expect([refusals[0], refusals[1], refusals.at(-1)]).toEqual([null, 'unreachable', null]);
  });

  it.each([
    ['hang-up', 'unreachable'],
    ['busy', 'busy'],
    ['nonsense', 'broken'],
    ['refuse', 'broken'],
  ] satisfies [Behaviour['fault'], InferenceRefusal][])('are run here where theirs fail: %s', async (fault, reason) => {
    const { server, runtime, refusals } = await set();
    server.behaviour.fault = fault;
    await demandRight(runtime);
    expect(refusals).toEqual([reason]);
  });

  it('are run here where the servers do not have them', async () => {
    const { runtime, refusals } = await set({ nameOf: () => ({ name: 'another' }) });
    await demandRight(runtime);
    expect(refusals).toEqual(['unsupported']);
  });

  it('are run here in the time that slow servers leave', async () => {
    const { server, runtime, refusals } = await set();
    server.behaviour.delay = 60_000;
    const began = performance.now();
    await demandRight(runtime, 3_000);
    expect(performance.now() - began).toBeGreaterThan(1_400);
    expect(refusals).toEqual(['too-slow']);
  });

  it('are not run at all for who no longer wants it', async () => {
    const { runtime, refusals } = await set();
    const answer = await runtime.infer(model, input, { signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ reason: 'cancelled' });
    expect(refusals).toEqual([]);
  });

  it('are told of as they run here, with how the servers are', async () => {
    const { server, runtime } = await set();
    server.behaviour.isReady = false;
    const { isThere, name, note } = await runtime.status();
    expect({ isThere, name }).toEqual({ isThere: true, name: 'ONNX Runtime' });
    expect(note).toMatch(/^Open Inference Protocol: 127\.0\.0\.1:\d+ is not ready/);
  });
});
