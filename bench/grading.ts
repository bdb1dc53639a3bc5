import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { summarise } from './support/measure.js';
import { serve } from './support/served.js';
import { openWorkshop } from './support/works.js';

const count = Number(process.env['COUNT'] ?? 100);

/**
 * From handing in work to hearing its score, by a learner's socket, one after the other, for each kind: the queue, a worker in a
 * process of its own, the database and the way back. The promise is 2 s for photos on one core.
 */
const folder = await mkdtemp(join(tmpdir(), 'attune-bench-grading-'));
const served = await serve(join(folder, 'data'));
try {
  const { student, works } = await openWorkshop(served.url, join(folder, 'data'));
  const socket = student.learn();
  const waiting = new Map<string, () => void>();
  for (const event of ['score.settled', 'score.deferred'] as const) {
    socket.on(event, ({ submissionId }) => waiting.get(submissionId)?.());
  }
  for (const { kind, next } of works) {
    const durations: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      const work = next(turn);
      const heard = new Promise<void>((resolve) => waiting.set(work.id, resolve));
      const started = performance.now();
      await socket.ask('work.submit', work);
      await heard;
      durations.push(performance.now() - started);
      waiting.delete(work.id);
    }
    console.log(
      `${kind}: the first after ${Math.round(durations[0]!)} ms; to score, ms: ${JSON.stringify(summarise(durations))}`,
    );
  }
  student.close();
} finally {
  await served.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);
