import { isFailure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { CachedCatalogueSource, Database, SqlTutoringStore } from '#libs/persistence';
import { SystemClock } from '#libs/platform';
import { SystemIds } from '#libs/security';
import { OpenSession, RecordResponse, type Recommendation, type TutoringDependencies } from '#libs/tutoring';
import { newId, type Stage } from './stage.js';

/** Records responses through the use case itself, without sockets: what the bare driver copies its statements from. */
export async function makeStoreRunner(
  stage: Stage,
): Promise<{ respond(index: number): Promise<void>; close(): Promise<void> }> {
  const database = new Database({ url: stage.appUrl, poolSize: 4 });
  const clock = new SystemClock();
  const deps: TutoringDependencies = {
    store: new SqlTutoringStore(database),
    catalogues: new CachedCatalogueSource(database),
    publisher: { publish: () => undefined },
    clock,
    ids: new SystemIds(clock),
  };
  const open = new OpenSession(deps);
  const record = new RecordResponse(deps);
  const sessions = new Map<number, { id: string; actor: Actor; next: Recommendation }>();

  const sessionOf = async (index: number): Promise<{ id: string; actor: Actor; next: Recommendation }> => {
    const known = sessions.get(index);
    if (known !== undefined) return known;
    const learner = stage.learners[index]!;
    const actor: Actor = {
      kind: 'user',
      institutionId: stage.institutionId,
      userId: learner.id,
      pseudonym: learner.pseudonym,
      roles: ['student'],
      credentialId: learner.signInId,
      expiresAt: Number.MAX_SAFE_INTEGER,
    };
    const id = newId();
    const opened = await open.execute(actor, {
      id,
      courseId: stage.course.id,
      learnerId: null,
      graded: false,
      at: Date.now(),
    });
    if (isFailure(opened)) throw new Error(opened.message);
    const session = { id, actor, next: opened.recommended! };
    sessions.set(index, session);
    return session;
  };

  return {
    respond: async (index) => {
      const session = await sessionOf(index);
      const recorded = await record.execute(session.actor, {
        id: newId(),
        sessionId: session.id,
        activityId: session.next.activity.activityId,
        activityVersion: session.next.activity.version,
        answer: { kind: 'choice', option: stage.course.rightOption },
        correct: null,
        durationMs: 30_000,
        at: Date.now(),
      });
      if (isFailure(recorded)) throw new Error(recorded.message);
      session.next = recorded.recommended!;
    },
    close: () => database.close(),
  };
}
