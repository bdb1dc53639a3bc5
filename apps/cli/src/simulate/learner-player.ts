import { AttuneFailure, LearningSession, type AttuneClient, type AttuneSocket, type Offer } from '#libs/client';
import { learnEventNames } from '#libs/contracts';
import type { Rng } from '#libs/kernel';
import type { CoursePlan, PlannedActivity, PlannedDrawing } from './course-plan.js';
import type { drawPicture } from './draw-picture.js';
import type { Pace } from './pace.js';
import { answerTo } from './simulated-answer.js';
import { drawMarks } from './simulated-drawing.js';
import type { SimulatedLearner } from './simulated-learner.js';
import type { Tally } from './tally.js';

/** An answer that is fixed in advance: which exercise, and whether it is right. */
export interface ScriptedAnswer {
  readonly activity: PlannedActivity;
  readonly correct: boolean;
}

export interface LearnerPlayerOptions {
  readonly client: AttuneClient;
  readonly plan: CoursePlan;
  readonly learner: SimulatedLearner;
  readonly rng: Rng;
  readonly tally: Tally;
  /** What a real learner did; null plays by the model alone. */
  readonly script: readonly ScriptedAnswer[] | null;
  /** Responses to give, at most. */
  readonly responses: number;
  /** After which response she hands in a drawing, and how it is drawn; null for none. */
  readonly drawing: { readonly after: number; readonly draw: typeof drawPicture } | null;
  readonly onResponse: () => void;
}

/** Plays one learner over her own socket. */
export class LearnerPlayer {
  private readonly socket: AttuneSocket<'/learn'>;
  private session: LearningSession | null = null;
  private before = new Map<string, number>();

  constructor(private readonly options: LearnerPlayerOptions) {
    const { client, tally } = options;
    this.socket = client.learn();
    let wasUp = false;
    this.socket.onState((state) => {
      if (state === 'up' && wasUp) tally.reconnects++;
      wasUp ||= state === 'up';
    });
    for (const event of learnEventNames) {
      this.socket.on(event, () => void tally.events++);
    }
    this.socket.on('score.settled', ({ source }) => {
      if (source === 'automatic') tally.drawings.answered++;
      else tally.drawings.reviewsHeard++;
    });
    this.socket.on('score.deferred', () => void tally.drawings.answered++);
  }

  /** Opens the session; the class starts when all have. */
  async open(): Promise<void> {
    this.session = await LearningSession.open(this.socket, { courseId: this.options.plan.courseId });
    this.before = new Map(this.session.mastery.map(({ skillId, probability }) => [skillId, probability]));
  }

  /** Answers at the given pace until there is enough, nothing more to choose, or the signal. */
  async play(pace: Pace, signal: AbortSignal): Promise<void> {
    const { script, responses, drawing, tally } = this.options;
    const most = Math.min(responses, script?.length ?? Infinity);
    for (let count = 0; count < most; count++) {
      const due = await pace.next(signal);
      if (signal.aborted) break;
      const step = script?.[count] ?? this.recommended();
      if (step === null) break;
      try {
        await this.answer(step, due);
        if (drawing !== null && count + 1 === drawing.after) await this.draw(drawing.draw);
      } catch (error) {
        tally.error(error instanceof AttuneFailure ? error.code : 'UNEXPECTED');
        if (!(error instanceof AttuneFailure)) throw error;
      }
    }
  }

  /** Mean change of the probability of knowing a skill, over the skills of the course. */
  get masteryGained(): number {
    const gains = (this.session?.mastery ?? []).map(
      ({ skillId, probability }) => probability - (this.before.get(skillId) ?? probability),
    );
    return gains.length === 0 ? 0 : gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  }

  async close(): Promise<void> {
    if (this.socket.state !== 'closed') await this.session?.close().catch(() => undefined);
    this.socket.close();
  }

  /** Leaves at once; whatever has no answer yet counts as an error. */
  leave(): void {
    this.socket.close();
  }

  private recommended(): { activity: PlannedActivity; correct: null } | null {
    const { recommended } = this.session!;
    if (recommended === null) return null;
    const activity = this.options.plan.activities.get(recommended.activity.activityId);
    if (activity === undefined) throw new Error('The course recommends an activity that its teacher cannot see.');
    return { activity, correct: null };
  }

  private async answer(
    { activity, correct }: { activity: PlannedActivity; correct: boolean | null },
    due: number,
  ): Promise<void> {
    const { learner, rng, tally, onResponse } = this.options;
    const asks = activity.content.form.kind !== 'none';
    const meant = learner.attempt(activity);
    const attempt = correct === null ? meant : { ...meant, correct };
    let offer: Offer | null = null;
    for (let hint = 0; asks && hint < attempt.hints; hint++) offer = (await this.hint(activity)) ?? offer;

    const sent = performance.now();
    const recorded = await this.session!.answer(answerTo(activity.content, attempt.correct, rng), {
      activity,
      durationMs: attempt.durationMs,
    });
    const now = performance.now();
    tally.service.push(now - sent);
    tally.fromDue.push(now - due);
    tally.responses.total++;
    tally.responses[recorded.correct === null ? 'completed' : recorded.correct ? 'right' : 'wrong']++;
    onResponse();
    if (asks) learner.practise(activity, attempt);
    else learner.understand(activity.skillIds);
    offer = recorded.offer ?? offer;
    if (offer !== null) await this.react(offer, activity.skillIds);
  }

  private async hint({ activityId }: PlannedActivity): Promise<Offer | null> {
    try {
      const { offer } = await this.session!.hint(activityId);
      this.options.tally.hints++;
      return offer;
    } catch (error) {
      if (error instanceof AttuneFailure && error.code === 'NO_MORE_HINTS') return null;
      throw error;
    }
  }

  private async react(offer: Offer, skillIds: readonly string[]): Promise<void> {
    const { learner, tally } = this.options;
    tally.interventions.offered++;
    const reaction = learner.takesOffer(skillIds) ? 'accepted' : 'dismissed';
    const { activity } = await this.session!.react(offer, reaction);
    tally.interventions[reaction]++;
    if (activity !== null) learner.understand(activity.skillIds);
  }

  /** Labels the picture, draws it, and hands both in. */
  private async draw(draw: typeof drawPicture): Promise<void> {
    const { plan, client, learner, rng, tally } = this.options;
    const [drawing] = plan.drawings;
    if (drawing === undefined) return;
    const marks = drawMarks(drawing.specification, meanAbility(learner, drawing), rng);
    const template = await client.files.courseMedia(plan.courseId, drawing.image);
    const { fileId } = await client.files.uploadPicture(await draw(template, marks), 'image/png');
    await this.session!.submitWork({ assignmentId: drawing.assignmentId, marks, fileIds: [fileId] });
    tally.drawings.submitted++;
  }
}

function meanAbility(learner: SimulatedLearner, { skillIds }: PlannedDrawing): number {
  return skillIds.reduce((sum, skillId) => sum + learner.ability(skillId), 0) / Math.max(1, skillIds.length);
}
