import { openInferenceDefaults } from './open-inference.runtime.js';
import { InferenceServer } from './inference-server.js';
import { adviceOn } from './server-refusal.js';

/** What was found of a server. */
export interface ServerFinding {
  /** Host and port. */
  readonly server: string;
  /** Its name and version; null where it is not well. */
  readonly version: string | null;
  /** Median of its answers about itself; null where it is not well. */
  readonly milliseconds: number | null;
  /** How it is, or what to do: one sentence. */
  readonly note: string;
}

const looks = 5;

/**
 * Asks a server of the Open Inference Protocol how it is, and runs nothing.
 * @param headers what it knows us by
 */
export async function lookAtServer(url: string, headers: Readonly<Record<string, string>>): Promise<ServerFinding> {
  const { serverCircuit: circuit, ...options } = openInferenceDefaults;
  const server = new InferenceServer({ ...options, circuit, url, headers });
  const found = { server: server.name, version: null, milliseconds: null };
  const times: number[] = [];
  try {
    for (;;) {
      const health = await server.check();
      if (health.refusal !== null) return { ...found, note: adviceOn(server.name, health.refusal) };
      times.push(health.milliseconds);
      if (times.length < looks) continue;
      const milliseconds = times.sort((a, b) => a - b)[Math.floor(looks / 2)]!;
      return { ...found, version: health.version, milliseconds, note: 'It is ready.' };
    }
  } finally {
    server.close();
  }
}
