import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { median, round } from './support/measure.js';
import { serve, type Served } from './support/served.js';

const runs = Number(process.env['RUNS'] ?? 3);
const restMs = Number(process.env['REST_MS'] ?? 10_000);

/**
 * How long `npm start` takes once it is built, on a new data folder (database, migrations, demo school) and on one that
 * is there, and what everything needs at rest. The promise is a second start within 6 s.
 */
const bare: number[] = [];
const second: number[] = [];
let memory: Record<string, number> = {};
for (let run = 1; run <= runs; run++) {
  const folder = await mkdtemp(join(tmpdir(), 'attune-bench-start-'));
  const dataFolder = join(folder, 'data');
  try {
    await timed(dataFolder, bare);
    await timed(dataFolder, second, async (served) => {
      if (run < runs) return;
      await sleep(restMs);
      memory = await served.memory();
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`run ${run}: new data folder ${seconds(bare.at(-1)!)}, second start ${seconds(second.at(-1)!)}`);
}
console.log(`median: new data folder ${seconds(median(bare))}, second start ${seconds(median(second))}`);
const total = Object.values(memory).reduce((sum, size) => sum + size, 0);
const parts = Object.entries(memory).map(([part, size]) => `${part} ${size}`);
console.log(`memory at rest: ${total} MiB (${parts.join(', ')})`);
process.exit(0);

async function timed(dataFolder: string, into: number[], then?: (served: Served) => Promise<void>): Promise<void> {
  const served = await serve(dataFolder);
  into.push(served.startMs);
  await then?.(served);
  await served.stop();
}

function seconds(milliseconds: number): string {
  return `${round(milliseconds / 1000, 1)} s`;
}
