import { setTimeout as sleep } from 'node:timers/promises';
import { AttuneClient, LearningSession, newId, operations, type Activity } from '#libs/client';
import { learnEventNames, type RequestInput } from '#libs/contracts';
import { eventually } from './device.js';
import { rightMarks } from './work.js';

type LearnerAnswer = RequestInput<'/learn', 'response.record'>['answer'];

/** A sign-in by password. */
export interface Account {
  readonly email: string;
  readonly password: string;
}

/** Where a class is held. */
export interface ClassPlace {
  readonly url: string;
  readonly institution: string;
  readonly admin: Account;
  readonly courseId: string;
  readonly assignmentId: string;
}

/** A response that the server has acknowledged. */
export interface Acknowledged {
  readonly responseId: string;
  readonly sequence: number;
}

/** How soon a request without an answer is sent again: a lost one should not slow the test down, in milliseconds. */
const attemptMs = 2_000;

/** One learner with the client library, who answers and hands work in until she is told to stop. */
export class ClassLearner {
  readonly acknowledged: Acknowledged[] = [];
  readonly submitted: string[] = [];
  /** Numbers of the events that she heard, as they came. */
  readonly heard: number[] = [];

  private constructor(
    readonly id: string,
    private readonly client: AttuneClient,
    private readonly place: ClassPlace,
    /** What the app would have had to show her. */
    readonly problems: string[],
  ) {}

  /** Enrols a new learner and signs her in. */
  static async join(place: ClassPlace, admin: AttuneClient): Promise<ClassLearner> {
    const id = newId();
    const account = { email: `${id}@simulated.invalid`, password: newId() };
    await admin.graphql(operations.createUser, { input: { id, name: 'A learner', ...account, roles: ['student'] } });
    await admin.graphql(operations.enrol, { input: { courseId: place.courseId, userId: id, role: 'learner' } });
    const problems: string[] = [];
    const client = new AttuneClient({ url: place.url, attemptMs, onProblem: ({ message }) => problems.push(message) });
    await client.signIn({ institution: place.institution, ...account });
    return new ClassLearner(id, client, place, problems);
  }

  /** Learns until told to stop; then waits for everything that was asked to be answered. */
  async learn(goesOn: () => boolean): Promise<void> {
    const socket = this.client.learn();
    for (const event of learnEventNames) {
      socket.on(event, ({ sequence }) => this.heard.push(sequence));
    }
    try {
      const session = await LearningSession.open(socket, { courseId: this.place.courseId });
      for (let turn = 0; goesOn(); turn++) {
        const { responseId, sequence } = await session.answer(answerTo(session.recommended!.activity), {
          durationMs: 4_000,
        });
        this.acknowledged.push({ responseId, sequence });
        await sleep(60 + Math.random() * 120);
        if (turn % 20 === 10) await this.handIn(session);
      }
      await session.close();
      // What the server tells last may still be on its way.
      await eventually(
        () => socket.cursor() === this.heard.at(-1),
        20_000,
        () => 'the last event was not heard',
      );
    } catch (error) {
      this.problems.push(String(error));
    } finally {
      this.client.close();
    }
  }

  private async handIn(session: LearningSession): Promise<void> {
    const { assignmentId } = this.place;
    const { submissionId } = await session.submitWork({ assignmentId, marks: rightMarks });
    this.submitted.push(submissionId);
  }
}

/** An answer of the kind that the activity asks for, right or wrong as it comes. */
function answerTo({ form }: Activity): LearnerAnswer {
  switch (form.kind) {
    case 'none':
      return { kind: 'done' };
    case 'choice':
      return { kind: 'choice', option: oneOf(form.options).id };
    case 'choices':
      return { kind: 'choices', options: [oneOf(form.options).id] };
    case 'number':
      return { kind: 'number', value: 42 };
    case 'text':
      return { kind: 'text', text: 'a cell' };
    case 'order':
      return { kind: 'order', items: form.items.map(({ id }) => id) };
    case 'marks':
    case 'picture':
    case 'strokes':
    case 'file':
      throw new Error('Work is not answered in a session.');
  }
}

function oneOf<T>(items: readonly T[]): T {
  return items[Math.floor(Math.random() * items.length)]!;
}
