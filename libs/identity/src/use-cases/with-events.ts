import type { Clock, EventLog, EventPublisher, NewEvent, StreamedEvent } from '#libs/kernel';
import type { Actor } from '../model/actor.js';
import type { UnitOfWork } from '../ports.js';

/** What it takes to change something and to tell of it. */
export interface TellingDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly events: EventLog;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
}

/**
 * Runs work in a transaction, numbers the events that it adds to `news` as the last thing in it, and tells them after the
 * commit.
 */
export async function withEvents<T>(
  { unitOfWork, events, publisher, clock }: TellingDependencies,
  actor: Actor,
  work: (news: NewEvent[]) => Promise<T>,
): Promise<T> {
  let told: StreamedEvent[] = [];
  const outcome = await unitOfWork.run(actor, async () => {
    const news: NewEvent[] = [];
    const value = await work(news);
    if (news.length > 0) told = await events.append(news, new Date(clock.now()));
    return value;
  });
  publisher.publish(told);
  return outcome;
}
