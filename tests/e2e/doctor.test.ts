import { describe, expect, it } from 'vitest';
import type { RuntimeStatus } from '#libs/models';
import { attune } from '../support/attune-command.js';

interface Findings {
  readonly node: string;
  readonly runtimes: readonly (RuntimeStatus & {
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
    expect(server).toMatchObject({ isThere: false, note: 'Not ready: 127.0.0.1:9. Are they running?' });
  });

  it('prints it for people, and refuses what is no server', async () => {
    const { code, stdout } = await attune(['doctor']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok ONNX Runtime [\d.]+ +[\d.]+ ms a picture/);
    expect((await attune(['doctor', '--server', 'triton'])).code).toBe(2);
  });
});
