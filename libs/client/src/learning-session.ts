import type { Answer, DeepReadonly, RequestInput, Sample } from '#libs/contracts';
import type { AttuneSocket } from './attune-socket.js';
import { newId } from './new-id.js';

export type Recommendation = NonNullable<Answer<'/learn', 'session.open'>['recommended']>;
export type Activity = Recommendation['activity'];
export type Offer = NonNullable<Answer<'/learn', 'response.record'>['offer']>;
export type SkillMastery = Answer<'/learn', 'session.open'>['mastery'][number];
type LearnerAnswer = DeepReadonly<ResponseBody['answer']>;
type ResponseBody = RequestInput<'/learn', 'response.record'>;
type Interaction = RequestInput<'/learn', 'interaction.record'>['kind'];
type Mark = RequestInput<'/learn', 'work.submit'>['marks'][number];

/** What was done in answer to an activity. */
export interface AnswerOptions {
  /** The activity that is answered. Default: the recommended one. */
  readonly activity?: Pick<Activity, 'activityId' | 'version'>;
  /** Time spent, in milliseconds. Default: since the activity was there. */
  readonly durationMs?: number;
}

/**
 * One learner's session in a course, from opening to closing. Every request waits over lost connections until it is
 * answered, and makes the ids by which a resend is recognised.
 */
export class LearningSession {
  private readonly probabilities = new Map<string, SkillMastery>();
  private next: Recommendation | null = null;
  private nextSince = Date.now();

  private constructor(
    private readonly socket: AttuneSocket<'/learn'>,
    readonly sessionId: string,
    readonly courseId: string,
  ) {}

  /** Opens a session, or the one with this id again. `graded`: what is done in it counts towards a grade. */
  static async open(
    socket: AttuneSocket<'/learn'>,
    { courseId, id = newId(), graded = false }: { courseId: string; id?: string; graded?: boolean },
  ): Promise<LearningSession> {
    const session = new LearningSession(socket, id, courseId);
    const opened = await socket.ask('session.open', { id, courseId, graded, at: Date.now() }, { patienceMs: Infinity });
    for (const skill of opened.mastery) session.probabilities.set(skill.skillId, skill);
    session.turnTo(opened.recommended);
    return session;
  }

  /** What to do next, and why; null when there is nothing to choose. */
  get recommended(): Recommendation | null {
    return this.next;
  }

  /** Mastery of each skill of the course, as far as this session knows. */
  get mastery(): readonly SkillMastery[] {
    return [...this.probabilities.values()];
  }

  /** Answers an activity; the answer tells what was right, what changed, and what comes next. */
  async answer(answer: LearnerAnswer, options: AnswerOptions = {}): Promise<Answer<'/learn', 'response.record'>> {
    const { activityId, version } = options.activity ?? this.present();
    const body = {
      id: newId(),
      sessionId: this.sessionId,
      activityId,
      activityVersion: version,
      answer: answer as ResponseBody['answer'],
      durationMs: Math.round(options.durationMs ?? Date.now() - this.nextSince),
      at: Date.now(),
    };
    const recorded = await this.socket.ask('response.record', body, { patienceMs: Infinity });
    for (const { skillId, after } of recorded.mastery) {
      const known = this.probabilities.get(skillId);
      if (known) this.probabilities.set(skillId, { ...known, probability: after, responses: known.responses + 1 });
    }
    this.turnTo(recorded.recommended);
    return recorded;
  }

  /** Asks for the next hint of an activity. */
  hint(activityId = this.present().activityId): Promise<Answer<'/learn', 'hint.request'>> {
    const body = { id: newId(), sessionId: this.sessionId, activityId, at: Date.now() };
    return this.socket.ask('hint.request', body, { patienceMs: Infinity });
  }

  /** Notes what happened between two answers; help may be offered for it. */
  note(kind: Interaction, activityId: string | null = null): Promise<Answer<'/learn', 'interaction.record'>> {
    const body = { id: newId(), sessionId: this.sessionId, kind, activityId, at: Date.now() };
    return this.socket.ask('interaction.record', body, { patienceMs: Infinity });
  }

  /** Hands over what the app saw of the learner, where that is allowed; refused with the reason elsewhere. */
  look(samples: readonly Sample[]): Promise<Answer<'/learn', 'engagement.samples'>> {
    const looks = samples as RequestInput<'/learn', 'engagement.samples'>['samples'];
    const body = { id: newId(), sessionId: this.sessionId, samples: looks, at: Date.now() };
    return this.socket.ask('engagement.samples', body);
  }

  /** Takes, dismisses or contests an offer of help; the answer holds the material of a taken one. */
  react(
    { interventionId }: Pick<Offer, 'interventionId'>,
    reaction: 'accepted' | 'dismissed' | 'contested',
  ): Promise<Answer<'/learn', 'offer.react'>> {
    return this.socket.ask('offer.react', { interventionId, reaction, at: Date.now() }, { patienceMs: Infinity });
  }

  /** Hands work in. `fileIds` name pictures, or a file, that were uploaded before, in order. */
  submitWork(work: {
    assignmentId: string;
    marks: readonly Mark[];
    fileIds?: readonly string[];
  }): Promise<Answer<'/learn', 'work.submit'>> {
    const { assignmentId, marks, fileIds = [] } = work;
    const body = { id: newId(), assignmentId, marks: [...marks], fileIds: [...fileIds], at: Date.now() };
    return this.socket.ask('work.submit', body, { patienceMs: Infinity });
  }

  /** Closes the session; the socket stays. */
  async close(): Promise<void> {
    await this.socket.ask('session.close', { sessionId: this.sessionId }, { patienceMs: Infinity });
  }

  private present(): Activity {
    if (this.next === null) throw new Error('Nothing is recommended, so there is no activity to answer.');
    return this.next.activity;
  }

  private turnTo(recommended: Recommendation | null): void {
    this.next = recommended;
    this.nextSince = Date.now();
  }
}
