import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluatePolicy, fringeAndBand, kssWorld, logDecisions, policies, replayDecision } from '#libs/recommendation';
import { seededRng } from '#libs/kernel';
import { DecisionLogError, parseDecision, readDecisionLog } from './decision-log.js';
import { formatPolicyEvaluation } from './run-evaluate-policy.js';
import { findTarget } from './target-names.js';

const decision = {
  id: 'd1',
  policy: { name: 'outer-fringe-success-band', version: 2 },
  seed: 'd1',
  candidates: [
    { activityId: 'a', probability: 0.7, utility: 1.2 },
    { activityId: 'b', probability: 0.3, utility: 0.9 },
  ],
  chosen: 'b',
  context: 'two skills open',
  learner: 'l1',
  reward: 1,
  target: [0.2, 0.8],
};

describe('a line of the log', () => {
  const parse = (more: object): unknown => parseDecision(JSON.stringify({ ...decision, ...more }), 'log.jsonl', 3);

  it('is a decision; what is not known is passed over, what is optional may be missing', () => {
    expect(parse({ termsOfTheTime: [1] })).toEqual(decision);
    const { id, policy, seed, chosen, reward } = decision;
    const candidates = decision.candidates.map(({ activityId, probability }) => ({ activityId, probability }));
    const least = { id, policy, seed, candidates, chosen, reward };
    expect(parseDecision(JSON.stringify(least), 'log.jsonl', 1)).toEqual(least);
  });

  it.each([
    [{ reward: 'much' }, /reward: /],
    [{ chosen: 'c' }, /chosen: is not among the candidates; give/],
    [{ target: [1] }, /target: give one probability for each candidate/],
    [{ target: [0.8, 0.8] }, /target: the probabilities sum to 1\.6/],
    [{ candidates: [] }, /candidates: /],
    [{ candidates: [{ activityId: 'b', probability: 0.4 }], target: [1] }, /sum to 0\.4000, not to 1; give all/],
    [{ candidates: [{ activityId: 'b', probability: 1.4 }] }, /candidates\.0\.probability: /],
    [
      { chosen: 'a', candidates: ['a', 'b'].map((activityId, probability) => ({ activityId, probability })) },
      /chosen: had/,
    ],
    [
      { candidates: [1, 2].map(() => ({ activityId: 'b', probability: 0.5 })) },
      /candidates: an activity is there twice/,
    ],
    [{ policy: { name: 'x' } }, /policy\.version: /],
  ])('is refused, with its place and what to do: %j', (more, words) => {
    expect(() => parse(more)).toThrow(DecisionLogError);
    expect(() => parse(more)).toThrow(words);
    expect(() => parse(more)).toThrow(/^log\.jsonl, line 3: /);
  });

  it('takes probabilities of single precision', () => {
    const thirds = ['a', 'b', 'c'].map((activityId) => ({ activityId, probability: Math.fround(1 / 3) }));
    expect(() => parse({ candidates: thirds, target: [0, 0, 1] })).not.toThrow();
  });
});

describe('a log', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'decision-log-'));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const write = async (...lines: string[]): Promise<string> => {
    const file = join(folder, 'log.jsonl');
    await writeFile(file, lines.join('\n'));
    return file;
  };

  it('is read line by line, and evaluated', async () => {
    const lines = Array.from({ length: 30 }, (_, n) => JSON.stringify({ ...decision, id: `d${n}`, learner: `l${n}` }));
    const decisions = await readDecisionLog(await write(...lines, '', ''));
    expect(decisions).toHaveLength(30);
    const evaluation = evaluatePolicy(decisions, { kind: 'logged' }, { rng: seededRng('x'), repeats: 50 });
    if (evaluation.kind !== 'evaluated') throw new Error(evaluation.kind);
    const words = formatPolicyEvaluation(evaluation);
    expect(words).toMatch(/IPS +2\.6667 +2\.6667 to 2\.6667/);
    expect(words).toContain('Beware: the log tells as little as 30 decisions would.');
    expect(words).toContain('Beware: the weights are 2.667 on average');
  });

  it('is what simulated lessons write, and answers for another temperature without a warning', async () => {
    const lessons = { world: kssWorld, policy: fringeAndBand, learners: 40, steps: 25, seed: 'x' };
    const lines = [...logDecisions(lessons)].map((each) => JSON.stringify(each));
    const decisions = await readDecisionLog(await write(...lines));
    expect(decisions).toHaveLength(40 * 25);
    const target = { kind: 'softmax', temperature: 0.2, epsilon: 0.1 } as const;
    const evaluation = evaluatePolicy(decisions, target, { rng: seededRng('x'), repeats: 50 });
    if (evaluation.kind !== 'evaluated') throw new Error(evaluation.kind);
    expect(evaluation.warnings).toEqual([]);
    expect(evaluation.learners).toBe(40);
    for (const { policy, candidates, seed, chosen } of decisions) {
      const stored = {
        candidates: candidates.map(({ activityId, utility }) => ({ activityId, utility: utility! })),
        seed,
      };
      expect(replayDecision({ ...stored, policy: { ...fringeAndBand, ...policy } }).activityId).toBe(chosen);
    }
  });

  it.each([
    [['{"id": 1'], 'line 1: is not JSON'],
    [[JSON.stringify(decision), '', JSON.stringify(decision)], 'line 3: the decision d1 is on line 1 already'],
    [[''], 'has no decisions'],
  ])('is refused: %j', async (lines, words) => {
    await expect(readDecisionLog(await write(...lines))).rejects.toThrow(words);
  });

  it('is refused where there is no such file', async () => {
    await expect(readDecisionLog(join(folder, 'none.jsonl'))).rejects.toThrow('cannot be read');
  });
});

it('finds the target by its name', () => {
  const flags = { log: '', policy: '', repeats: 1, seed: '', json: false };
  const { temperature, epsilon, name } = fringeAndBand;
  expect(findTarget({ ...flags, policy: 'logged' })).toEqual({ kind: 'logged' });
  expect(findTarget({ ...flags, policy: name })).toEqual({ kind: 'softmax', temperature, epsilon });
  expect(findTarget({ ...flags, policy: `${name}@1`, temperature: 0.5 })).toEqual({
    kind: 'softmax',
    temperature: 0.5,
    epsilon: policies.find(({ version }) => version === 1)!.epsilon,
  });
  expect(findTarget({ ...flags, policy: 'none' })).toBeNull();
  expect(findTarget({ ...flags, policy: `${name}@77` })).toBeNull();
});
