import { describe, expect, it } from 'vitest';
import type { RuntimeStatus } from '#libs/models';
import { attune } from '../support/attune-command.js';
import { OpenInferenceServer } from '../support/inference-server.js';

interface Findings {
  readonly node: string;
  readonly runtimes: readonly (RuntimeStatus & {
    readonly answersIn?: number | null;
    readonly trial: { readonly milliseconds: number; readonly deviation: number; readonly trouble: null } | null;
  })[];
}

/** Somebody new wants to know what works on her machine. */
describe('attune doctor', () => {
  it('says what runs models, how fast, and what to do about what does not', async () => {
    const { code, stdout, stderr } = await attune(['doctor', '--json', '--server', 'http://127.0.0.1:9']);
    expect(code, stderr).toBe(0);
    const { node, runtimes } = JSON.parse(stdout) as Findings;
    expect(node).toBe(process.versions.node);
    const [onnx, native, wasm, server] = runtimes;
    for (const { isThere, trial } of [onnx!, wasm!]) {
      expect(isThere).toBe(true);
      expect(trial).toMatchObject({ trouble: null });
      expect(trial!.milliseconds).toBeGreaterThan(0);
      expect(trial!.deviation).toBeLessThan(1e-4);
    }
    expect(native!.isThere || native!.note.includes('npm run provision:tfjs-node')).toBe(true);
    expect(server).toMatchObject({ isThere: false, answersIn: null });
    expect(server!.note).toMatch(/^127\.0\.0\.1:9 does not answer \(.*ECONNREFUSED.*\): is it running/);
  });

  it('prints it for people, and refuses what is no server', async () => {
    const { code, stdout } = await attune(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok ONNX Runtime [\d.]+ +[\d.]+ ms a picture/);
    expect((await attune(['doctor', '--server', 'triton'])).code).toBe(2);
  });

  it('says whether the servers of the settings answer, how fast, and what to do where they do not', async () => {
    const server = await OpenInferenceServer.start(new Map());
    server.behaviour.token = 'a-long-secret';
    try {
      const settings = { INFERENCE_SERVERS: `${server.url},http://127.0.0.1:9` };
      const stranger = await attune(['doctor'], settings);
      expect(stranger.code).toBe(0);
      expect(stranger.stdout).toMatch(/does not let us in: is INFERENCE_TOKEN the token it asks for\?/);
      expect(stranger.stdout).toMatch(/127\.0\.0\.1:9 does not answer .* Until it is ready, models run here\./);
      const known = await attune(['doctor'], { ...settings, INFERENCE_TOKEN: 'a-long-secret' });
      expect(known.stdout).toMatch(/ok Open Inference Protocol, [\d.:]+ attune-test 2\.1\.0 +answers within [\d.]+ ms/);
      expect(known.stdout).not.toContain('a-long-secret');
      const wrong = await attune(['doctor'], { INFERENCE_SERVERS: 'triton:8000' });
      expect(wrong.code).toBe(2);
      expect(wrong.stderr).toContain('INFERENCE_SERVERS: the URL number 1 is none such as http://triton:8000');
    } finally {
      await server.close();
    }
  });
});
