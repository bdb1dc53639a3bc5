import {
  attuneFeatures,
  decodePopulation,
  encodePopulation,
  fitPopulation,
  priorPopulation,
  priorSnapshot,
  qualityFor,
  type History,
  type Quality,
} from '#libs/mastery';
import type { Clock } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { numbersOf, tracedOf } from '../policy/course-model.js';
import { settled } from '../policy/settled.js';
import type { CatalogueSource, PopulationStore } from '../ports.js';

/** Fewer learners are too few to tell whether a fit is any better. */
const leastLearners = 10;

/** What became of a fit. The qualities are those on a fifth of the learners that the fit had not seen. */
export type FittedPopulation =
  | { readonly kind: 'too-few-learners'; readonly learners: number }
  | {
      /** `no-better`: on learners it had not seen it predicts no better than what is there, so nothing changed. */
      readonly kind: 'published' | 'no-better' | 'overtaken';
      /** Of the snapshot, where it was published. */
      readonly number: number | null;
      readonly learners: number;
      readonly responses: number;
      readonly before: Quality;
      readonly fitted: Quality;
    };

/**
 * Fits the population weights of a course to all of its responses, held back towards those of every course, and publishes
 * them as its next snapshot if they predict learners better whom they have not seen. Deterministic.
 */
export class FitPopulation {
  constructor(
    private readonly populations: PopulationStore,
    private readonly catalogues: CatalogueSource,
    private readonly clock: Clock,
  ) {}

  async execute(
    actor: Actor,
    courseId: string,
    onProgress: (what: string, loss: number) => void = () => undefined,
  ): Promise<FittedPopulation> {
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    const latest = await this.populations.latest(actor, courseId);
    const until = new Date(this.clock.now());
    const stored = await this.populations.readHistories(actor, courseId, { since: new Date(0), until });
    const skills = numbersOf(catalogue?.skills ?? []);
    const histories = stored
      .map((history): History =>
        history.flatMap((response) =>
          response.correct === null ? [] : [tracedOf(response, skills, response.correct)],
        ),
      )
      .filter(({ length }) => length > 0);
    const learners = histories.length;
    if (learners < leastLearners) return { kind: 'too-few-learners', learners };

    const prior = priorPopulation();
    const unseen = histories.filter((_, learner) => learner % 5 === 4);
    const seen = histories.filter((_, learner) => learner % 5 !== 4);
    const part = fitPopulation(seen, attuneFeatures, { prior, onIteration: (_, loss) => onProgress('trying', loss) });
    const fitted = qualityFor(part, unseen);
    const before = qualityFor(latest === null ? prior : decodePopulation(latest.population), unseen);
    const responses = stored.reduce((sum, { length }) => sum + length, 0);
    const found = { learners, responses, before, fitted };
    if (fitted.logLoss >= before.logLoss) return { kind: 'no-better', number: null, ...found };

    const population = fitPopulation(histories, attuneFeatures, {
      prior,
      onIteration: (_, loss) => onProgress('fitting', loss),
    });
    const number = (latest?.number ?? priorSnapshot) + 1;
    const published = await this.populations.publish(actor, courseId, {
      number,
      population: encodePopulation(population),
      optimizer: null,
      responses,
      // What was under way while it read is learnt afterwards; what it read of the last minute as well, which does no harm.
      learntUntil: new Date(until.getTime() - settled),
      learntBy: 'fitted',
    });
    return published ? { kind: 'published', number, ...found } : { kind: 'overtaken', number: null, ...found };
  }
}
