import { setMaxListeners } from 'node:events';
import { readFile } from 'node:fs/promises';
import cliProgress from 'cli-progress';
import { AttuneClient, AttuneFailure } from '#libs/client';
import { seededRng } from '#libs/kernel';
import { enrolAndSignIn, inParallel, type Credentials } from './accounts.js';
import { findCourse, readCoursePlan, type CoursePlan } from './course-plan.js';
import { LearnerPlayer, type ScriptedAnswer } from './learner-player.js';
import { Pace, sleep } from './pace.js';
import { makeReport, type SimulationReport } from './report.js';
import { SimulateFailure } from './simulate-failure.js';
import { SimulatedLearner } from './simulated-learner.js';
import { Tally } from './tally.js';
import { TeacherPlayer } from './teacher-player.js';
import { AktFormatError } from '../traces/akt-blocks.js';
import { mapTraces, parseTraces } from './trace.js';

export interface SimulateOptions {
  readonly url: string;
  readonly admin: Credentials;
  /** Id or external id; null takes the first. */
  readonly course: string | null;
  readonly learners: number;
  /** Responses of each learner, at most. */
  readonly responses: number;
  /** Length of the lesson; null ends when all have given their responses. */
  readonly minutes: number | null;
  /** Mean time from one response of a learner to the next; 0 goes on at once. */
  readonly thinkMs: number;
  readonly traces: string | null;
  /** Share of the learners who hand a drawing in. */
  readonly drawings: number;
  readonly seed: string;
  /** Where the progress bar goes; null for none. */
  readonly progress: NodeJS.WriteStream | null;
  /** Ends the lesson early. */
  readonly signal: AbortSignal;
}

/** Accounts that are made at once: each password costs the server much work on purpose. */
const accountsAtOnce = 4;
/** After the last answer, scores and events that are on their way get this long. */
const settleMs = 3_000;
/** After an interruption, answers that are on their way get this long. */
const leaveMs = 2_000;

/** Plays a class against a running server, through its public API only. */
export async function simulate(options: SimulateOptions): Promise<SimulationReport> {
  const bar = progressBar(options.progress);
  try {
    return await play(options, bar);
  } finally {
    bar.stop();
  }
}

async function play(options: SimulateOptions, bar: Bar): Promise<SimulationReport> {
  const { url, learners: count, seed, signal } = options;
  const traces = options.traces === null ? null : await readTraces(options.traces);
  const admin = new AttuneClient({ url });
  await admin.signIn(options.admin).catch(explain(url));
  const courseId = await findCourse(admin, options.course);
  const enrolling = { url, admin, institution: options.admin.institution, courseId };
  const tally = new Tally();
  const onProblem = (): void => tally.error('UNEXPECTED');
  const teacher = await enrolAndSignIn(enrolling, { name: 'Simulated teacher', role: 'teacher' }, onProblem);
  const plan = await readCoursePlan(teacher, courseId);
  const scripts = traces === null ? null : scriptsOf(traces, plan, options);

  // Loaded before the lesson: its native library takes a while, in which no answer would be read.
  const { drawPicture } = await import('./draw-picture.js');
  bar.start('accounts', count);
  const players = await inParallel(Array.from({ length: count }), accountsAtOnce, async (_, index) => {
    if (signal.aborted) throw new SimulateFailure('Interrupted before the lesson began.');
    const person = { name: `Simulated learner ${index + 1}`, role: 'learner' } as const;
    const client = await enrolAndSignIn(enrolling, person, onProblem);
    const rng = seededRng(`${seed}/${index}`);
    const draws = Math.floor((index + 1) * options.drawings) > Math.floor(index * options.drawings);
    const player = new LearnerPlayer({
      client,
      plan,
      learner: new SimulatedLearner(plan.skills, rng),
      rng,
      tally,
      script: scripts === null ? null : scripts[index % scripts.length]!,
      responses: options.responses,
      drawing: draws ? { after: drawsAfter(index, options), draw: drawPicture } : null,
      onResponse: () => bar.tick(),
    });
    await player.open();
    bar.tick();
    return player;
  });
  const watching = new TeacherPlayer(teacher, tally);
  await watching.watch(courseId);

  bar.start('responses', expectedResponses(options, scripts));
  const cpu = process.cpuUsage();
  const started = performance.now();
  const lesson = lessonSignal(options, signal);
  const leave = (): void => players.forEach((player) => player.leave());
  signal.addEventListener('abort', () => setTimeout(leave, leaveMs).unref(), { once: true });
  await Promise.all(
    players.map((player, index) =>
      player.play(new Pace(started, options.thinkMs, seededRng(`${seed}/pace/${index}`)), lesson),
    ),
  );
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await settle(tally, signal);
  const masteryGained = players.reduce((sum, player) => sum + player.masteryGained, 0) / Math.max(1, players.length);
  await watching.close();
  await inParallel(players, 16, (player) => player.close());
  return makeReport(tally, { learners: count, seconds, masteryGained, cpuSeconds: (user + system) / 1e6 });
}

/** Spreads the drawings over the first thirty responses. */
function drawsAfter(index: number, { responses }: SimulateOptions): number {
  return 1 + Math.floor((Math.min(responses, 30) * (1 + (index % 7))) / 9);
}

/**
 * Ends with the lesson's minutes, or when somebody interrupts. The timer is held by its controller: a signal made by
 * `AbortSignal.any` of `AbortSignal.timeout` may be collected as garbage before its time, and then never ends.
 */
function lessonSignal({ minutes }: SimulateOptions, signal: AbortSignal): AbortSignal {
  const lesson = new AbortController();
  const end = (): void => lesson.abort();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  if (minutes !== null) setTimeout(end, minutes * 60_000).unref();
  setMaxListeners(0, lesson.signal); // every learner who thinks listens
  return lesson.signal;
}

/** Waits for the scores of the last drawings. */
async function settle({ drawings }: Tally, signal: AbortSignal): Promise<void> {
  const until = performance.now() + settleMs;
  while (drawings.answered < drawings.submitted && performance.now() < until) await sleep(100, signal);
  await sleep(300, signal);
}

async function readTraces(file: string): Promise<ReturnType<typeof parseTraces>> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new SimulateFailure(`${file} cannot be read.`);
  });
  try {
    return parseTraces(text);
  } catch (error) {
    throw error instanceof AktFormatError ? new SimulateFailure(`${file}: ${error.message}`) : error;
  }
}

function scriptsOf(
  traces: ReturnType<typeof parseTraces>,
  { skills, activities }: CoursePlan,
  { learners, responses }: SimulateOptions,
): ScriptedAnswer[][] {
  const exercises = [...activities.values()].filter(
    ({ kind, content }) => kind === 'exercise' && content.gradedBy === 'attune',
  );
  const bySkill = skills
    .map(({ id }) => exercises.filter(({ skillIds }) => skillIds[0] === id))
    .filter((group) => group.length > 0);
  if (bySkill.length === 0) throw new SimulateFailure('The course has no exercises to map the traces onto.');
  const exerciseOf = mapTraces(traces, bySkill);
  return traces
    .slice(0, learners)
    .map((trace) =>
      trace.slice(0, responses).map((answer) => ({ activity: exerciseOf(answer), correct: answer.correct })),
    );
}

function expectedResponses(
  { learners, responses, minutes, thinkMs }: SimulateOptions,
  scripts: ScriptedAnswer[][] | null,
): number {
  const each = (index: number): number => Math.min(responses, scripts?.[index % scripts.length]!.length ?? Infinity);
  const inTime = minutes === null || thinkMs === 0 ? Infinity : (minutes * 60_000) / thinkMs;
  const total = Array.from({ length: learners }, (_, index) => Math.min(each(index), inTime)).reduce(
    (a, b) => a + b,
    0,
  );
  return Number.isFinite(total) ? Math.round(total) : 0;
}

/** Says why signing in did not work, in words for the terminal. */
function explain(url: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof AttuneFailure)) throw error;
    if (error.code === 'UNAVAILABLE')
      throw new SimulateFailure(`No Attune answers at ${url}. Start it with npm start.`);
    throw new SimulateFailure(`The administrator cannot sign in: ${error.message}`);
  };
}

interface Bar {
  start(step: string, total: number): void;
  tick(): void;
  stop(): void;
}

function progressBar(stream: NodeJS.WriteStream | null): Bar {
  if (stream === null) return { start: () => undefined, tick: () => undefined, stop: () => undefined };
  let bar: cliProgress.SingleBar | null = null;
  return {
    start: (step, total) => {
      bar?.stop();
      bar = new cliProgress.SingleBar({
        stream,
        format: `  ${step.padEnd(10)} {bar} {value}/{total}  {duration_formatted}`,
        barCompleteChar: '█',
        barIncompleteChar: '░',
        hideCursor: true,
        fps: 8,
        noTTYOutput: false,
      });
      bar.start(total, 0);
    },
    tick: () => bar?.increment(),
    stop: () => {
      bar?.stop();
      bar = null;
    },
  };
}
