import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, ChoiceInput } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import { indexOf, type CandidateIndex } from './candidate-index.js';
import { isMastered } from './fringe-and-band.js';
import { metOf } from './met-of.js';
import { forEachOpenSkill } from './open-skills.js';
import { graphOf, type SkillGraph } from './skill-graph.js';

interface SkillView {
  readonly estimate: MasteryEstimate;
  readonly mastered: boolean;
}

/** What one choice needs to know of the learner and the skills, each looked up once. */
export class LearnerView {
  readonly graph: SkillGraph;
  readonly index: CandidateIndex;
  /** Open skills that are not mastered, and of which the learner has seen something: what she can go on with. */
  readonly begun: string[] = [];
  /** Open skills of which she has seen nothing, those first that open most, then as they stand in the course. */
  readonly unmet: readonly string[];
  /** Open skills that are mastered: what can be reviewed. */
  readonly mastered: string[] = [];
  private readonly skills = new Map<string, SkillView>();
  private readonly open = new Map<string, boolean>();
  private readonly lastSeen = new Map<string, number>();
  private readonly introduced = new Set<string>();

  constructor(
    private readonly input: ChoiceInput,
    private readonly policy: Policy,
  ) {
    this.graph = graphOf(input.skills);
    this.index = indexOf(input.candidates);
    this.noteSeen();
    const unmet: string[] = [];
    forEachOpenSkill(
      input.skills,
      (skillId) => this.isMastered(skillId),
      (skillId) => {
        if (this.isMastered(skillId)) this.mastered.push(skillId);
        else (this.isMet(skillId) ? this.begun : unmet).push(skillId);
      },
    );
    this.unmet = this.graph.byReach(unmet);
  }

  mastery(skillId: string): MasteryEstimate {
    return this.skill(skillId).estimate;
  }

  isMastered(skillId: string): boolean {
    return this.responsesTo(skillId) >= this.policy.minimumResponses && this.skill(skillId).mastered;
  }

  /** Whether every prerequisite, near and far, is mastered. A skill that the graph does not have is closed. */
  isOpen(skillId: string): boolean {
    let open = this.open.get(skillId);
    if (open === undefined) {
      const needed = this.graph.prerequisitesOf(skillId);
      open = this.graph.find(skillId) !== null && needed.every((one) => this.isMastered(one));
      this.open.set(skillId, open);
    }
    return open;
  }

  timesSeen(candidate: Candidate): number {
    return metOf(candidate, this.input.exposures).timesSeen;
  }

  /** Responses since an activity was seen; infinite when it never was. */
  responsesSince(candidate: Candidate): number {
    const last = metOf(candidate, this.input.exposures).lastSeenSequence;
    return last === null ? Infinity : this.input.sequence - last;
  }

  /** Whether an activity came so lately that it would be a repeat. */
  isRepeat(candidate: Candidate): boolean {
    return this.responsesSince(candidate) < this.policy.repeatAfter;
  }

  /** An explanation that comes before the first exercise: see `chooseNext`. */
  isIntroduction(candidate: Candidate): boolean {
    if (this.timesSeen(candidate) > 0) return false;
    return candidate.skillIds.some((skillId) => this.isIntroducible(skillId));
  }

  /** Whether an explanation of the skill would come before its first exercise. */
  isIntroducible(skillId: string): boolean {
    const { responses, probability } = this.mastery(skillId);
    return responses === 0 && probability <= this.policy.successBand[1] && !this.introduced.has(skillId);
  }

  /** The weakest skill that is not mastered; or, when all are, the one not seen for the longest time. */
  targetOf({ skillIds }: Candidate): string {
    let target = skillIds[0]!;
    if (skillIds.length === 1) return target;
    let learning = !this.isMastered(target);
    for (let index = 1; index < skillIds.length; index++) {
      const skillId = skillIds[index]!;
      const needed = !this.isMastered(skillId);
      const prior = needed
        ? this.mastery(skillId).probability - this.mastery(target).probability
        : (this.lastSeen.get(skillId) ?? -1) - (this.lastSeen.get(target) ?? -1);
      if (needed === learning ? prior < 0 || (prior === 0 && skillId < target) : needed) {
        target = skillId;
        learning = needed;
      }
    }
    return target;
  }

  responsesSinceSeen(skillId: string): number | null {
    const seen = this.lastSeen.get(skillId);
    return seen === undefined ? null : Math.max(0, this.input.sequence - seen);
  }

  reviewUrgency(skillId: string): number {
    const since = this.responsesSinceSeen(skillId) ?? this.input.sequence;
    return since === 0 ? 0 : since / (since + this.policy.reviewAfter);
  }

  opensShare(skillId: string): number {
    return this.graph.opens(skillId) / Math.max(1, this.graph.size - 1);
  }

  private isMet(skillId: string): boolean {
    return this.lastSeen.has(skillId) || this.responsesTo(skillId) > 0;
  }

  private responsesTo(skillId: string): number {
    return this.input.responsesTo?.(skillId) ?? this.mastery(skillId).responses;
  }

  private skill(skillId: string): SkillView {
    let skill = this.skills.get(skillId);
    if (skill === undefined) {
      const estimate = this.input.mastery(skillId);
      skill = { estimate, mastered: isMastered(estimate, this.policy) };
      this.skills.set(skillId, skill);
    }
    return skill;
  }

  private noteSeen(): void {
    const { exposures } = this.input;
    if (exposures === undefined) {
      for (const candidate of this.index.seen) this.noteSkills(candidate, candidate.lastSeenSequence!);
      return;
    }
    for (const [number, { lastSeenSequence }] of exposures) {
      const candidate = this.index.numbered(number);
      if (candidate !== undefined) this.noteSkills(candidate, lastSeenSequence);
    }
  }

  private noteSkills({ skillIds, kind }: Candidate, sequence: number): void {
    for (const skillId of skillIds) {
      const before = this.lastSeen.get(skillId);
      if (before === undefined || before < sequence) this.lastSeen.set(skillId, sequence);
      if (kind !== 'exercise') this.introduced.add(skillId);
    }
  }
}
