import { emptyMastery, type StudentModel } from '#libs/mastery';
import type { Candidate, Choice, ChoiceInput, Exposure } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import { chooseNext } from '../policy/choose-next.js';
import { isMastered } from '../policy/fringe-and-band.js';
import { modelOfWorld } from './model-of.js';
import type { Chooser, Encounter, SimulatedPolicy } from './simulated-policy.js';
import type { World } from './world.js';

/** `chooseNext` with the mastery model, as in live tutoring: from answers alone. */
export function attune(name: string, policy: Policy): SimulatedPolicy {
  return { name, start: ({ world, seed }: Encounter) => new AttuneChooser(world, policy, seed) };
}

/** Teaches one learner by a policy. */
export class AttuneChooser implements Chooser {
  private mastery = emptyMastery();
  private readonly model: StudentModel;
  private readonly exposures = new Map<number, Exposure>();
  private sequence = 0;

  constructor(
    private readonly world: World,
    private readonly policy: Policy,
    private readonly seed: string,
  ) {
    this.model = modelOfWorld(world);
  }

  /** What `chooseNext` is given now. */
  input(): ChoiceInput {
    const { mastery, exposures, model } = this;
    return {
      skills: this.world.skills,
      candidates: this.world.activities,
      mastery: (skillId) => model.estimate(mastery, skillId),
      responsesTo: (skillId) => model.responsesTo(mastery, skillId),
      expectedSuccess: (item) => model.probabilityOf(mastery, item),
      exposures,
      sequence: this.sequence,
      learner: { languages: [], excludedModalities: [] },
    };
  }

  decide(): Choice {
    return chooseNext(this.input(), this.policy, `${this.seed}/${this.sequence}`);
  }

  choose(): Candidate {
    return this.activityOf(this.decide());
  }

  /** What a choice comes to. */
  activityOf(choice: Choice): Candidate {
    const activityId = choice.kind === 'chosen' ? choice.activityId : this.leastRecent();
    return this.world.activities.find((activity) => activity.activityId === activityId)!;
  }

  observe(activity: Candidate, correct: boolean | null): void {
    const number = activity.number!;
    const timesSeen = (this.exposures.get(number)?.timesSeen ?? 0) + 1;
    this.exposures.set(number, { timesSeen, lastSeenSequence: this.sequence });
    this.sequence++;
    if (correct === null) return;
    this.mastery = this.model.update(this.mastery, { item: activity, correct, at: 0 }).state;
  }

  /** How many skills count as mastered. */
  masteredSkills(): number {
    return this.world.skills.filter(({ id }) => isMastered(this.model.estimate(this.mastery, id), this.policy)).length;
  }

  /** Where everything is mastered and was seen of late, the lesson goes on with what was seen first. */
  private leastRecent(): string {
    let [first, when] = ['', Infinity];
    for (const { activityId, number, kind } of this.world.activities) {
      const last = this.exposures.get(number!)?.lastSeenSequence ?? -1;
      if (kind === 'exercise' && last < when) [first, when] = [activityId, last];
    }
    return first;
  }
}
