import type { Answer } from '#libs/contracts';
import { connect, mustAsk, newId, type TestApi } from './api.js';
import { rightOption } from './course.js';
import type { Person } from './school.js';

type Recommendation = NonNullable<Answer<'/learn', 'session.open'>['recommended']>;

/**
 * A learner of the small course who answers what is recommended, so many times, or until there is nothing more; rightly as
 * often as asked for. Gives what was recommended, one more than she answered.
 */
export async function learn(
  api: TestApi,
  { token }: Pick<Person, 'token'>,
  courseId: string,
  responses: number,
  isRight: (turn: number) => boolean = () => true,
): Promise<Recommendation[]> {
  const socket = await connect(api.url, '/learn', token);
  const { sessionId, recommended } = await mustAsk(socket, '/learn', 'session.open', {
    id: newId(),
    courseId,
    at: Date.now(),
  });
  const seen = recommended === null ? [] : [recommended];
  for (let turn = 0; turn < responses && seen.length === turn + 1; turn++) {
    const { activityId, version, form } = seen[turn]!.activity;
    const recorded = await mustAsk(socket, '/learn', 'response.record', {
      id: newId(),
      sessionId,
      activityId,
      activityVersion: version,
      answer: form.kind === 'none' ? { kind: 'done' } : { kind: 'choice', option: isRight(turn) ? rightOption : 'no' },
      durationMs: 20_000,
      at: Date.now(),
    });
    if (recorded.recommended !== null) seen.push(recorded.recommended);
  }
  socket.close();
  return seen;
}
