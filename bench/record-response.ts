import { BareDriver } from './support/bare.js';
import { connectClass, pace } from './support/class.js';
import { median, round, saturate, summarise } from './support/measure.js';
import { Stage } from './support/stage.js';
import { makeStoreRunner } from './support/store-runner.js';

const connections = 64;
const runs = Number(process.env['RUNS'] ?? 3);
const seconds = Number(process.env['SECONDS'] ?? 8);
/** Responses of a learner before the one whose statements the bare driver repeats. */
const history = 60;

/**
 * A response recorded durably, mastery updated, the next activity chosen, one broadcast: through the socket, beside
 * the same SQL statements by the bare `pg` driver, in turn.
 */
const stage = await Stage.open({ learners: 264 });
try {
  const runner = await makeStoreRunner(stage);
  const bareIndices = 200;
  // What is known of a learner grows with her responses, and all of it is written: both sides write about as much.
  for (let i = 0; i < history; i++)
    await Promise.all(Array.from({ length: connections }, (_, index) => runner.respond(bareIndices + index)));
  const bare = await BareDriver.capture(stage, connections, (index) => runner.respond(bareIndices + index));
  await runner.close();
  console.log(`statements per response: ${bare.statementCount}`);

  const url = await stage.startApi({ DATABASE_POOL_SIZE: process.env['POOL'] ?? '20' });
  console.log(`memory at rest: ${await stage.apiMemory()} MiB`);
  const learners = await connectClass(stage, url, 200);
  await saturate(connections, 3, (worker) => learners[worker]!.respond());
  await saturate(connections, 2, (worker) => bare.respond(worker));
  const bareLearners = Array.from({ length: 200 }, (_, index) => ({
    respond: () => bare.respond(index % connections),
  }));

  // First the class at its own pace, as on a school day; then as many as can be.
  for (let run = 1; run <= runs; run++) {
    const socket = await pace(learners, Math.max(seconds, 10));
    const direct = await pace(bareLearners, Math.max(seconds, 10));
    console.log(
      `run ${run}, 200 responses a second: bare driver ${JSON.stringify(summarise(direct))}, ` +
        `socket ${JSON.stringify(summarise(socket))}; memory ${await stage.apiMemory()} MiB`,
    );
  }

  const ratios: number[] = [];
  for (let run = 1; run <= runs; run++) {
    const direct = await saturate(connections, seconds, (worker) => bare.respond(worker));
    const socket = await saturate(connections, seconds, (worker) => learners[worker]!.respond());
    ratios.push(socket.perSecond / direct.perSecond);
    console.log(
      `run ${run}: bare driver ${direct.perSecond}/s ${JSON.stringify(summarise(direct.durations))}, ` +
        `socket ${socket.perSecond}/s ${JSON.stringify(summarise(socket.durations))}, ratio ${round(ratios.at(-1)!)}`,
    );
  }
  console.log(`median ratio: ${round(median(ratios))}`);
  for (const { socket } of learners) socket.close();
  await bare.close();
} catch (error) {
  // Ending the database throws once more, in connections that are still open.
  console.error(error);
  process.exit(1);
} finally {
  await stage.close();
}
process.exit(0);
