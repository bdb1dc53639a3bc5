import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, round } from './support/measure.js';
import { serve } from './support/served.js';
import { openWorkshop } from './support/works.js';

const count = Number(process.env['COUNT'] ?? 10_000);
/** One of so many works is a photo, which takes longest. */
const photoEvery = 20;
/** Handed in and not yet graded, at most: a learner's app would not wait, a benchmark must not fill its own memory. */
const ahead = 400;
const sockets = 4;

/** Hands in thousands of works of all kinds as fast as they are taken, and looks at the memory of each part meanwhile. */
const folder = await mkdtemp(join(tmpdir(), 'attune-bench-drain-'));
const served = await serve(join(folder, 'data'));
try {
  const { student, works } = await openWorkshop(served.url, join(folder, 'data'));
  const [photo, drawn] = [works.at(-1)!, works.slice(0, -1)];
  const connections = Array.from({ length: sockets }, () => student.learn());
  let [handedIn, graded] = [0, 0];
  for (const event of ['score.settled', 'score.deferred'] as const) connections[0]!.on(event, () => void graded++);
  const memory: Record<string, number>[] = [];
  const started = performance.now();
  let tenth = 0;
  const look = async (): Promise<void> => {
    if (graded < (tenth * count) / 10) return;
    tenth++;
    const sizes = await served.memory();
    memory.push(sizes);
    const seconds = (performance.now() - started) / 1_000;
    console.log(`${graded} graded after ${Math.round(seconds)} s, MiB: ${JSON.stringify(sizes)}`);
  };
  await Promise.all(
    connections.map(async (socket) => {
      while (handedIn < count) {
        const turn = handedIn++;
        const { next } = turn % photoEvery === 0 ? photo : drawn[turn % drawn.length]!;
        await socket.ask('work.submit', next(turn));
        while (handedIn - graded > ahead) await pause(20);
        await look();
      }
    }),
  );
  while (graded < count) await pause(50).then(look);
  await look();
  console.log(
    `${count} works in ${round((performance.now() - started) / 1_000, 0)} s, ${round((1_000 * count) / (performance.now() - started), 1)} a second`,
  );
  for (const part of Object.keys(memory[0]!)) {
    const sizes = memory.map((each) => each[part]!);
    const half = Math.floor(sizes.length / 2);
    console.log(
      `${part}: median of the first half ${median(sizes.slice(1, half))} MiB, of the second ${median(sizes.slice(half))} MiB`,
    );
  }
  student.close();
} finally {
  await served.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
