import type { ItemParameters, MasteryEstimate, MasteryState, Prediction } from '../model/mastery-state.js';
import {
  strange,
  type AnsweredItem,
  type MasteryChange,
  type StudentModel,
  type Updated,
} from '../model/student-model.js';
import { afterAnswer } from '../policy/bkt.js';
import { logistic } from '../policy/logistic.js';
import {
  addItemFeatures,
  addSkillFeatures,
  FeatureRow,
  featuresOf,
  type Difficulty,
  type TracedItem,
} from './features.js';
import { halfWidth } from './interval.js';
import { afterResponse, forgetOldItems, type LearnerTrace } from './learner-trace.js';
import type { Population } from './population.js';
import { viewOf, type TracedState } from './traced-state.js';

/** What a course adds to the weights of a population. */
export interface StreamedModelOptions {
  /** Number of the snapshot that the population is. */
  readonly snapshot: number;
  readonly population: Population;
  /** Skill id → number within the course. */
  readonly skillNumbers: ReadonlyMap<string, number>;
  /** The exercises of the course: a skill's mastery is told on the one of median difficulty. */
  readonly exercises: readonly ItemParameters[];
}

interface Prepared {
  readonly traced: TracedItem;
  readonly difficulty: Difficulty;
}

/** The item on which the mastery of a skill is told. */
interface Reference extends Prepared {
  readonly skillId: string;
}

/**
 * Follows the learners of one course by the streamed logistic model (see `attuneFeatures`): every method takes time
 * proportional to the skills of the item.
 */
export class StreamedModel implements StudentModel {
  readonly name = 'attune';
  readonly version: number;
  readonly snapshot: number;
  private readonly row: FeatureRow;
  private readonly population: Population;
  private readonly skillNumbers: ReadonlyMap<string, number>;
  private readonly prepared = new Map<number, Prepared & { readonly of: ItemParameters }>();
  private readonly sets = new Map<string, readonly number[]>();
  private shared: {
    readonly trace: LearnerTrace | null;
    readonly at: number | undefined;
    readonly logits: Map<readonly number[], number>;
  } = { trace: null, at: undefined, logits: new Map() };
  /** By skill number. */
  private readonly references: ReadonlyMap<number, Reference>;

  constructor({ snapshot, population, skillNumbers, exercises }: StreamedModelOptions) {
    this.snapshot = snapshot;
    this.version = population.features.version;
    this.population = population;
    this.skillNumbers = skillNumbers;
    this.row = new FeatureRow(population.index, population.features, false);
    this.references = this.referencesFor(exercises);
  }

  predict(state: MasteryState, item: ItemParameters, at?: number): Prediction {
    return this.predicted(traceOf(state).trace, this.prepare(item), at);
  }

  probabilityOf(state: MasteryState, item: ItemParameters, at?: number): number {
    return logistic(this.logitOf(traceOf(state).trace, this.prepare(item), at));
  }

  /**
   * The logistic model may expect less after a right answer than before it, for reasons that lie in the order of
   * exercises. Mastery is told to people, so it is held where it was until model and answer agree: with M a skill's
   * mastery and m the model's logit, M ← max(M, m) after a right answer and min(M, m) after a wrong one. What is kept is
   * M − m, so that mastery goes on following the model between answers to the skill.
   */
  update(before: MasteryState, { item, correct, at }: AnsweredItem): Updated {
    const state = traceOf(before);
    const prepared = this.prepare(item);
    const { traced, difficulty } = prepared;
    const prediction = this.predicted(state.trace, prepared, at);
    const trace = afterResponse(state.trace, {
      ...traced,
      expected: difficulty.expected,
      right: correct ? 1 : 0,
      at,
    });
    const known = afterAnswer(
      traced.skills.map((skill) => viewOf(state, skill).known),
      correct,
    );
    let { views } = state;
    const changes = traced.skills.map((skill, place): MasteryChange => {
      const reference = this.references.get(skill)!;
      const was = this.logitOf(state.trace, reference, at) + viewOf(state, skill).held;
      const expected = this.logitOf(trace, reference, at);
      const mastery = correct ? Math.max(was, expected) : Math.min(was, expected);
      views = views.set(skill, { known: known[place]!, held: mastery - expected });
      return { skillId: reference.skillId, before: logistic(was), after: logistic(mastery) };
    });
    return { state: { version: 2, trace: forgetOldItems(trace), views }, prediction, changes };
  }

  responsesTo(state: MasteryState, skillId: string): number {
    const skill = this.skillNumbers.get(skillId);
    return skill === undefined ? 0 : (traceOf(state).trace.skills.get(skill)?.responses ?? 0);
  }

  /** Mastery is the probability of a right answer to the skill's median item, now. */
  estimate(state: MasteryState, skillId: string, at?: number): MasteryEstimate {
    const traced = traceOf(state);
    const { trace } = traced;
    const skill = this.skillNumbers.get(skillId);
    if (skill === undefined) throw new Error(`The course has no skill ${skillId}.`);
    const responses = trace.skills.get(skill)?.responses ?? 0;
    const { known, held } = viewOf(traced, skill);
    const logit = this.logitOf(trace, this.references.get(skill)!, at) + held;
    const half = halfWidth(trace.responses, responses);
    return {
      skillId,
      probability: logistic(logit),
      low: logistic(logit - half),
      high: logistic(logit + half),
      responses,
      known,
    };
  }

  /** What the skills of an item say of it is the same for many items: it is worked out once for a state and a time. */
  private logitOf(trace: LearnerTrace, { traced, difficulty }: Prepared, at: number | undefined): number {
    if (this.shared.trace !== trace || this.shared.at !== at) this.shared = { trace, at, logits: new Map() };
    const { row } = this;
    const { weights } = this.population;
    row.clear();
    let logit = this.shared.logits.get(traced.skills);
    if (logit === undefined) {
      addSkillFeatures(row, trace, traced.skills, at);
      logit = row.dot(weights);
      this.shared.logits.set(traced.skills, logit);
      row.clear();
    }
    addItemFeatures(row, trace, traced.item, at, difficulty);
    return logit + row.dot(weights);
  }

  private predicted(trace: LearnerTrace, { traced, difficulty }: Prepared, at: number | undefined): Prediction {
    const { row } = this;
    const { weights } = this.population;
    featuresOf(row, trace, { ...traced, at }, difficulty);
    return { probability: logistic(row.dot(weights)), terms: row.termsBy(weights) };
  }

  private prepare(item: ItemParameters): Prepared {
    const { number, skillIds, difficulty } = item;
    if (number === undefined) return this.describe(null, skillIds, difficulty);
    const kept = this.prepared.get(number);
    if (kept !== undefined && kept.of.skillIds === skillIds && kept.of.difficulty === difficulty) return kept;
    const prepared = { ...this.describe(number, skillIds, difficulty), of: { number, skillIds, difficulty } };
    this.prepared.set(number, prepared);
    return prepared;
  }

  private describe(item: number | null, skillIds: readonly string[], difficulty: number): Prepared {
    const traced = { item, skills: this.sameSet(skillsOf(skillIds, this.skillNumbers)), authored: difficulty };
    return { traced, difficulty: this.population.difficulties.of(traced) };
  }

  /** The one list for a set of skills. */
  private sameSet(skills: readonly number[]): readonly number[] {
    const key = skills.join(' ');
    const kept = this.sets.get(key);
    if (kept !== undefined) return kept;
    this.sets.set(key, skills);
    return skills;
  }

  /** For each skill the median of its exercises, as an item that is not told apart; without exercises, one of difficulty 0. */
  private referencesFor(exercises: readonly ItemParameters[]): ReadonlyMap<number, Reference> {
    const difficulties = new Map<number, number[]>();
    for (const exercise of exercises) {
      const { traced, difficulty } = this.prepare(exercise);
      for (const skill of traced.skills) {
        const ofSkill = difficulties.get(skill);
        if (ofSkill === undefined) difficulties.set(skill, [difficulty.item]);
        else ofSkill.push(difficulty.item);
      }
    }
    const references = new Map<number, Reference>();
    for (const [skillId, skill] of this.skillNumbers) {
      const usual = this.describe(null, [skillId], 0);
      const sorted = (difficulties.get(skill) ?? []).sort((a, b) => a - b);
      const median = sorted[sorted.length >> 1];
      const difficulty =
        median === undefined
          ? usual.difficulty
          : { skills: median, item: median, expected: logistic(median), logResponses: 0 };
      references.set(skill, { skillId, traced: usual.traced, difficulty });
    }
    return references;
  }
}

/** The skills of an item as the model sees them. Those that the course has no longer are left out. */
export function skillsOf(skillIds: readonly string[], skillNumbers: ReadonlyMap<string, number>): readonly number[] {
  const numbers = skillIds.map((skillId) => skillNumbers.get(skillId)).filter((number) => number !== undefined);
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function traceOf(state: MasteryState): TracedState {
  if (state.version !== 2) throw strange('attune', state);
  return state;
}
