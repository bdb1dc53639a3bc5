import { CachedCatalogueSource, Database, SqlTutoringStore } from '#libs/persistence';
import { dangerousSystemActor } from '#libs/identity';
import { readAccommodations } from '#libs/learning';
import { decideNext } from '#libs/tutoring';
import { connectClass, pace, type AtWork } from './support/class.js';
import { median, round, summarise } from './support/measure.js';
import { newId, Stage } from './support/stage.js';

const seconds = Number(process.env['SECONDS'] ?? 10);
const runs = Number(process.env['RUNS'] ?? 3);
const classSize = 200;
/** Passes over the class before choosing is measured: the API has chosen some thousand times by then, too. */
const warmUp = 10;

/** Courses: a school's, and that of a large publisher. */
const courses = [
  { activities: 500, skills: 12 },
  { activities: 50_000, skills: 1_200 },
];

/**
 * What 200 learners wait for who answer once a second, by the size of the course: a response stored, the learner's state
 * updated and the next activity chosen; in turn, so that both meet the same machine. And how much of it the choice itself
 * takes, on the states that they came to.
 */
const stages: Stage[] = [];
const classes: { name: string; stage: Stage; learners: AtWork[]; p95: number[] }[] = [];
try {
  for (const { activities, skills } of courses) {
    const stage = await Stage.open({ learners: classSize, activities, skills });
    stages.push(stage);
    const url = await stage.startApi({ DATABASE_POOL_SIZE: '20' });
    // The first who comes has the course loaded; a large one takes seconds.
    for (const { socket } of await connectClass(stage, url, 1)) socket.close();
    const learners = await connectClass(stage, url, classSize);
    await pace(learners, 10);
    classes.push({ name: `${activities} activities of ${skills} skills`, stage, learners, p95: [] });
  }
  for (let run = 1; run <= runs; run++) {
    for (const { name, learners, p95 } of classes) {
      const waited = summarise(await pace(learners, seconds));
      p95.push(waited.p95);
      console.log(`${name}, run ${run}: ${JSON.stringify(waited)}`);
    }
  }
  for (const { learners } of classes) for (const { socket } of learners) socket.close();
  for (const { name, stage, p95 } of classes) {
    const choice = summarise(await choices(stage));
    const told = [`p95 ${round(median(p95))} ms (median of the runs)`, `the choice alone ${JSON.stringify(choice)}`];
    console.log(`${name}: ${told.join('; ')}; API ${await stage.apiMemory()} MiB`);
  }
  const ratios = classes[1]!.p95.map((large, run) => large / classes[0]!.p95[run]!);
  console.log(`the p95 of the large course, of that of the small one in the same run: ${round(median(ratios))}`);
} catch (error) {
  // Ending the databases throws once more, in connections that are still open.
  console.error(error);
  process.exitCode = 1;
} finally {
  for (const stage of stages) await stage.close();
}
process.exit();

/** How long choosing takes for the learners of the stage, in milliseconds; each is chosen for several times. */
async function choices(stage: Stage): Promise<number[]> {
  const database = new Database({ url: stage.appUrl, poolSize: 4 });
  try {
    const actor = dangerousSystemActor(stage.institutionId);
    const catalogue = (await new CachedCatalogueSource(database).getCatalogue(actor, stage.course.id, 'latest'))!;
    const store = new SqlTutoringStore(database);
    const durations: number[] = [];
    for (let pass = 0; pass < warmUp + 5; pass++) {
      for (const { id, pseudonym } of stage.learners) {
        const state = (await store.findState(actor, id, stage.course.id))!;
        const learner = {
          pseudonym,
          languages: ['en'],
          accommodations: readAccommodations({}),
          openedByService: false,
          timeZone: 'Europe/Berlin',
          graded: false,
          optedOut: false,
        };
        const moment = { now: new Date(), decisionId: newId(), interventionId: newId() };
        const before = performance.now();
        decideNext(catalogue, learner, state, moment);
        if (pass >= warmUp) durations.push(performance.now() - before);
      }
    }
    return durations;
  } finally {
    await database.close();
  }
}
