import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { LoggedDecision } from '#libs/recommendation';

/** A line of a log of decisions that cannot be used, and what to do about it. */
export class DecisionLogError extends Error {
  override readonly name = 'DecisionLogError';

  /** @param line null where the file as a whole is meant */
  constructor(
    readonly file: string,
    readonly line: number | null,
    problem: string,
  ) {
    super(`${file}${line === null ? '' : `, line ${line}`}: ${problem}`);
  }
}

/** Probabilities are stored in single precision: a dozen of them sum to 1 but for this. */
const rounding = 1e-4;

const probability = z.number().min(0).max(1);

/**
 * One decision, one line of JSON. What a log may leave out is optional; fields that are not named here are passed over.
 *
 * - `candidates`: everything that could have been chosen, with the probability of each under the policy of that time;
 *   `utility` lets another softmax be asked about; `action` is what counts as the same action for the model of rewards
 *   (the skill, for instance), the activity itself where it is missing
 * - `policy.temperature`, `policy.epsilon`: with them, utilities that were not stored are found from the probabilities
 * - `context`: which situation it was, coarsely, for the model of rewards
 * - `learner`: a pseudonym; decisions of one learner are drawn together by the bootstrap
 * - `reward`: what came of it, in the window that you chose
 * - `target`: what another policy would have given each candidate; what is missing to 1 would have gone elsewhere
 */
export const decisionLineSchema = z
  .object({
    id: z.string().min(1),
    policy: z.object({
      name: z.string(),
      version: z.int(),
      temperature: z.number().positive().optional(),
      epsilon: probability.optional(),
    }),
    seed: z.string(),
    candidates: z
      .array(
        z.object({
          activityId: z.string().min(1),
          probability,
          utility: z.number().optional(),
          action: z.string().optional(),
        }),
      )
      .min(1),
    chosen: z.string(),
    context: z.string().optional(),
    learner: z.string().optional(),
    reward: z.number(),
    target: z.array(probability).optional(),
  })
  .superRefine(({ candidates, chosen, target }, context) => {
    const complain = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    const ids = new Set(candidates.map(({ activityId }) => activityId));
    if (ids.size < candidates.length) complain('candidates', 'an activity is there twice; give each once');
    const total = candidates.reduce((sum, each) => sum + each.probability, 0);
    if (Math.abs(total - 1) > rounding) {
      complain(
        'candidates',
        `the probabilities sum to ${total.toFixed(4)}, not to 1; give all that could have been chosen`,
      );
    }
    const own = candidates.find(({ activityId }) => activityId === chosen);
    if (own === undefined) complain('chosen', 'is not among the candidates; give the activityId of one of them');
    else if (own.probability === 0) complain('chosen', 'had the probability 0; give the one by which it was drawn');
    if (target === undefined) return;
    if (target.length !== candidates.length)
      complain('target', 'give one probability for each candidate, in their order');
    const wanted = target.reduce((sum, each) => sum + each, 0);
    if (wanted > 1 + rounding) complain('target', `the probabilities sum to ${wanted.toFixed(4)}, more than 1`);
  });

/** Reads a log of decisions, one JSON object a line; empty lines are passed over. */
export async function readDecisionLog(file: string): Promise<LoggedDecision[]> {
  const decisions: LoggedDecision[] = [];
  const met = new Map<string, number>();
  let line = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      line++;
      if (text.trim() === '') continue;
      const decision = parseDecision(text, file, line);
      const before = met.get(decision.id);
      if (before !== undefined) {
        throw new DecisionLogError(
          file,
          line,
          `the decision ${decision.id} is on line ${before} already; give each once.`,
        );
      }
      met.set(decision.id, line);
      decisions.push(decision);
    }
  } catch (error) {
    if (error instanceof DecisionLogError) throw error;
    throw new DecisionLogError(file, null, 'cannot be read. Is the path right?');
  }
  if (decisions.length === 0) throw new DecisionLogError(file, null, 'has no decisions; give one JSON object a line.');
  return decisions;
}

/** Reads one line. */
export function parseDecision(text: string, file: string, line: number): LoggedDecision {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new DecisionLogError(file, line, 'is not JSON; give one object a line, without line breaks in it.');
  }
  const parsed = decisionLineSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const path = issue!.path.length === 0 ? 'the line' : issue!.path.map(String).join('.');
    throw new DecisionLogError(file, line, `${path}: ${issue!.message}.`);
  }
  return parsed.data as LoggedDecision;
}
