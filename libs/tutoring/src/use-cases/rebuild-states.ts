import { emptyElo, storeMasteryState, type MasteryState, type StudentModel } from '#libs/mastery';
import { isSameJson } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { LearnerState } from '../model/learner-state.js';
import { replay, type Known, type ReplayedResponse } from '../policy/replay.js';
import type { CatalogueSource, LearnerArchive } from '../ports.js';

/**
 * `migrate` rebuilds the states that belong to an older model; `all` rebuilds every state; `check` only compares what was
 * streamed with what a replay gives.
 */
export type RebuildKind = 'migrate' | 'all' | 'check';

/** What a rebuild found in one course. */
export interface Rebuilt {
  readonly learners: number;
  readonly responses: number;
  /** States that are other than before, or, in a check, other than their replay. */
  readonly changed: number;
  /** Pseudonyms of up to ten of those. */
  readonly examples: readonly string[];
}

/**
 * Rebuilds what is known of the learners of a course from their responses. Each learner is locked, rebuilt and committed by
 * herself, so a class goes on meanwhile, and an interrupted run is resumed by running it again.
 */
export class RebuildStates {
  constructor(
    private readonly archive: LearnerArchive,
    private readonly catalogues: CatalogueSource,
  ) {}

  async execute(
    actor: Actor,
    courseId: string,
    kind: RebuildKind,
    onProgress: (done: number, of: number) => void = () => undefined,
  ): Promise<Rebuilt> {
    const learners = await this.archive.listLearners(actor, courseId);
    const models = new Map<number, StudentModel>();
    const examples: string[] = [];
    let [responses, changed] = [0, 0];
    for (const [done, { id, pseudonym }] of learners.entries()) {
      onProgress(done, learners.length);
      await this.archive.revise(actor, id, courseId, async (state, timeZone, history) => {
        if (kind === 'migrate' && state.mastery.version !== 1) return null;
        const answered = await history();
        await this.loadModels(actor, courseId, answered, models);
        const known = knownAgain(state, kind, answered, timeZone, models);
        responses += answered.length;
        if (isSame(state, known)) return null;
        changed++;
        if (examples.length < 10) examples.push(pseudonym);
        return kind === 'check' ? null : { ...state, ...known };
      });
    }
    onProgress(learners.length, learners.length);
    return { learners: learners.length, responses, changed, examples };
  }

  private async loadModels(
    actor: Actor,
    courseId: string,
    responses: readonly ReplayedResponse[],
    models: Map<number, StudentModel>,
  ): Promise<void> {
    for (const snapshot of new Set(responses.map(({ modelSnapshot }) => modelSnapshot))) {
      if (!models.has(snapshot)) models.set(snapshot, await this.catalogues.getModel(actor, courseId, snapshot));
    }
  }
}

/** A check replays by the model that the state belongs to; everything else by the present one. */
function knownAgain(
  { mastery, memory }: LearnerState,
  kind: RebuildKind,
  responses: readonly ReplayedResponse[],
  timeZone: string,
  models: ReadonlyMap<number, StudentModel>,
): Known {
  const from: MasteryState | undefined = kind === 'check' && mastery.version === 1 ? emptyElo() : undefined;
  return replay(responses, {
    ...(from && { from }),
    weights: memory.weights,
    timeZone,
    modelAt: (snapshot) => models.get(snapshot)!,
  });
}

function isSame(state: LearnerState, known: Known): boolean {
  return (
    isSameJson(storeMasteryState(state.mastery), storeMasteryState(known.mastery)) &&
    isSameJson(state.memory, known.memory)
  );
}
