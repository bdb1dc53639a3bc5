import {
  decodeOnlineMemory,
  decodePopulation,
  emptyTrace,
  encodeOnlineMemory,
  encodePopulation,
  OnlineLearner,
  priorPopulation,
  priorSnapshot,
  type LearnerTrace,
} from '#libs/mastery';
import type { Clock } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { numbersOf, tracedOf } from '../policy/course-model.js';
import { settled } from '../policy/settled.js';
import type { CatalogueSource, LearntSnapshot, PopulationStore } from '../ports.js';

/** The weights of every course count like so many responses of this one. */
const priorResponses = 5_000;

/** New responses that are worth a snapshot: so many, and so many for each that was learnt from before, to keep snapshots few. */
const newResponses = { atLeast: 200, share: 0.05 } as const;

/** After so many responses others get their turn. */
const stretch = 200;

/**
 * Learns the population weights of a course from the responses since its last snapshot, each once, in the order in which
 * they came, and publishes the next snapshot. A snapshot that somebody else has published meanwhile wins.
 */
export class LearnPopulation {
  /** @param breathe lets others have their turn */
  constructor(
    private readonly populations: PopulationStore,
    private readonly catalogues: CatalogueSource,
    private readonly clock: Clock,
    private readonly breathe: () => Promise<void>,
  ) {}

  /** Courses of all institutions with enough that no snapshot has learnt from: see {@link newResponses}. */
  courses(): ReturnType<PopulationStore['coursesToLearn']> {
    return this.populations.coursesToLearn(newResponses.atLeast, newResponses.share);
  }

  /** The number of the snapshot that it published; null when there was nothing new, or somebody else was faster. */
  async execute(actor: Actor, courseId: string): Promise<number | null> {
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return null;
    const latest = await this.populations.latest(actor, courseId);
    const until = new Date(this.clock.now() - settled);
    const since = latest?.learntUntil ?? new Date(0);
    const histories = await this.populations.readHistories(actor, courseId, { since, until });
    const skills = numbersOf(catalogue.skills);
    const learner = learnerFrom(latest);

    const news: { readonly of: number; readonly place: number; readonly at: number }[] = [];
    const traces: LearnerTrace[] = [];
    let worked = 0;
    for (const [of, history] of histories.entries()) {
      let trace = emptyTrace();
      for (const [place, response] of history.entries()) {
        const at = response.receivedAt.getTime();
        if (at > since.getTime()) news.push({ of, place, at });
        else if (response.correct !== null) trace = learner.pass(trace, tracedOf(response, skills, response.correct));
        if (++worked % stretch === 0) await this.breathe();
      }
      traces.push(trace);
    }
    if (news.length === 0) return null;
    news.sort((a, b) => a.at - b.at || a.of - b.of || a.place - b.place);
    for (const { of, place } of news) {
      const response = histories[of]![place]!;
      if (response.correct === null) continue;
      traces[of] = learner.step(traces[of]!, tracedOf(response, skills, response.correct)).trace;
      if (++worked % stretch === 0) await this.breathe();
    }
    const number = (latest?.number ?? priorSnapshot) + 1;
    const published = await this.populations.publish(actor, courseId, {
      number,
      population: encodePopulation(learner.population()),
      optimizer: encodeOnlineMemory(learner.memory()),
      responses: (latest?.responses ?? 0) + news.length,
      learntUntil: until,
      learntBy: 'online',
    });
    return published ? number : null;
  }
}

function learnerFrom(latest: LearntSnapshot | null): OnlineLearner {
  if (latest === null) return OnlineLearner.goOn(priorPopulation(), { asAfter: priorResponses });
  const { population, optimizer, responses } = latest;
  return OnlineLearner.goOn(
    decodePopulation(population),
    optimizer === null ? { asAfter: priorResponses + responses } : decodeOnlineMemory(optimizer),
  );
}
