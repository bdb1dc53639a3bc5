import { fail, type Clock, type Failure } from '#libs/kernel';
import type { Sample, SampleDesk, Taken } from '#libs/engagement';
import { isBiometric, resolveSensing, type Sensing, type SensingLimit, type SensingMode } from '#libs/governance';
import type { Actor } from '#libs/identity';
import type { CatalogueSource, SampledSession, SamplingSource } from '../ports.js';

/** Samples as a client sends them: looks at a learner that her app took. */
export interface SamplesInput {
  /** Made by the client. A resend is harmless: samples that were heard change nothing. */
  readonly id: string;
  readonly sessionId: string;
  readonly samples: readonly Sample[];
  /** When the message was made, by the clock that the samples are told by, in Unix milliseconds. */
  readonly at: number;
}

/** What a client hears of its samples. */
export interface TakenSamples {
  readonly kind: 'samples-taken';
  readonly mode: SensingMode;
  readonly kept: number;
  /** Those that say nothing new, are too old, or say to be from the future. */
  readonly dropped: number;
  readonly windows: Taken['windows'];
}

const noSession = fail('NOT_FOUND', 'sessionId: there is no such session of yours.');

/**
 * Takes samples of a session into memory, and cuts windows from them, where law, ceilings and consent allow to look at the body.
 * That is asked with every message, so a withdrawal holds from the next one on, and what was heard before it is forgotten. Nothing is stored.
 */
export class TakeSamples {
  constructor(
    private readonly sampling: SamplingSource,
    private readonly catalogues: CatalogueSource,
    private readonly desk: SampleDesk,
    private readonly clock: Clock,
  ) {}

  async execute(actor: Actor, { sessionId, samples, at }: SamplesInput): Promise<TakenSamples | Failure> {
    const session = await this.sampling.findSession(actor, sessionId);
    if (session === null) return noSession;
    if (session.closed) return fail('SESSION_CLOSED');
    const receivedAt = this.clock.now();
    const key = `${actor.institutionId}/${sessionId}`;
    const sensing = await this.sensingOf(actor, session, receivedAt);
    if (!isBiometric(sensing.mode)) {
      this.desk.forget(key);
      return refusalOf(sensing);
    }
    const { counts, windows } = this.desk.take(key, samples, { sentAt: at, receivedAt });
    return {
      kind: 'samples-taken',
      mode: sensing.mode,
      kept: counts.kept,
      dropped: samples.length - counts.kept,
      windows,
    };
  }

  private async sensingOf(
    actor: Actor,
    { courseId, courseRevision, activityId, institution, ceilings, consents, graded }: SampledSession,
    now: number,
  ): Promise<Sensing> {
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, { revision: courseRevision });
    const activity = activityId === null ? undefined : catalogue?.activities.get(activityId);
    const all = { ...ceilings, activity: activity?.sensingCeiling ?? null };
    return resolveSensing({ institution, ceilings: all, consents, graded }, now);
  }
}

/** Why samples may not be taken, by the strictest of the reasons; the law first. */
function refusalOf({ limits }: Sensing): Failure {
  const law = limits.find((limit) => limit.by === 'law');
  if (law?.by === 'law') {
    return fail('FORBIDDEN_BY_LAW', `${law.rule.title} (${law.rule.id}: ${law.rule.source.title})`);
  }
  return fail('FORBIDDEN', `Samples may not be taken: ${limits[0] ? reasonOf(limits[0]) : 'nothing allows it'}.`);
}

function reasonOf(limit: SensingLimit): string {
  switch (limit.by) {
    case 'law':
      return limit.rule.title;
    case 'review':
      return 'nobody has recorded that the law of this place was looked into';
    case 'ceiling':
      return `for this ${limit.scope} no more than "${limit.most}" is allowed`;
    case 'consent':
      return `it lacks the consent of ${limit.lacks.map(({ of }) => of).join(' and ')}`;
    case 'graded':
      return 'what is done counts towards a grade';
  }
}
