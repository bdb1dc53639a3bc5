import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { attune } from '../support/attune-command.js';

interface Figures {
  readonly n: number;
  readonly interactions: number;
  readonly auc: number;
  readonly rmse: number;
  readonly logLoss: number;
  readonly ece: number;
  readonly microsPerUpdate: number;
  readonly bins: { count: number }[];
  readonly againstBestLr: { difference: number; low: number; high: number } | null;
}

/** One learner's answers, as they are drawn: the item and its one skill, and whether it was right. */
type Drawn = readonly { readonly item: number; readonly skill: number; readonly right: 0 | 1 }[];

/** Learners who differ, items that differ, and growth with practice: what a student model has to find out. */
function drawLearners(count: number, seed: string): Drawn[] {
  const rng = seededRng(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const difficulty = Array.from({ length: 40 }, (_, item) => ((item * 7) % 13) / 4 - 1.5);
  return Array.from({ length: count }, () => {
    const ability = normal();
    const practice = new Array<number>(8).fill(0);
    return Array.from({ length: 40 }, () => {
      const item = Math.floor(rng() * 40);
      const skill = item % 8;
      const logit = 0.3 + ability - difficulty[item]! + 0.25 * practice[skill]!++;
      return { item, skill, right: rng() < 1 / (1 + Math.exp(-logit)) ? 1 : 0 };
    });
  });
}

/** Without a clock, as the other formats: all of them tell the same. */
const asGervet = (learners: Drawn[]): string =>
  [
    'user_id\titem_id\ttimestamp\tcorrect\tskill_id',
    ...learners.flatMap((history, user) =>
      history.map(({ item, skill, right }) => [user, item, 0, right, skill].join('\t')),
    ),
  ].join('\n');
const asAkt = (learners: Drawn[]): string =>
  learners
    .map((history, user) =>
      [
        `${history.length},${user}`,
        history.map(({ item }) => item).join(','),
        history.map(({ skill }) => skill).join(','),
        history.map(({ right }) => right).join(','),
      ].join('\n'),
    )
    .join('\n');
const asPykt = (learners: Drawn[]): string =>
  [
    'fold,uid,concepts,responses',
    ...learners.map((history, user) => {
      const padded = (values: number[]) => `"${[...values, -1, -1].join(',')}"`;
      return [0, user, padded(history.map(({ skill }) => skill)), padded(history.map(({ right }) => right))].join(',');
    }),
  ].join('\n');

describe('attune evaluate mastery', () => {
  let folder: string;
  const train = drawLearners(240, 'train');
  const test = drawLearners(120, 'test');
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-evaluate-'));
    for (const [format, write] of [
      ['gervet', asGervet],
      ['akt', asAkt],
      ['pykt', asPykt],
    ] as const) {
      await writeFile(join(folder, `train-1.${format}`), write(train.slice(0, 120)));
      await writeFile(join(folder, `train-2.${format}`), write(train.slice(120)));
      await writeFile(join(folder, `test.${format}`), write(test));
    }
    const items = Array.from({ length: 40 }, (_, item) => `${item},${item % 8}`);
    await writeFile(join(folder, 'items.csv'), ['item_id,skill_ids', ...items].join('\n'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const evaluate = (format: string, ...more: string[]) => {
    const parts = [1, 2].map((part) => join(folder, `train-${part}.${format}`));
    const files = ['--train', ...parts, '--test', join(folder, `test.${format}`)];
    return attune(['evaluate', 'mastery', '--format', format, ...files, ...more], {});
  };
  const figures = async (format: string, ...more: string[]): Promise<Figures> => {
    const { code, stdout, stderr } = await evaluate(format, '--json', ...more);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Figures;
  };

  it('finds what was drawn: ahead of Elo, calibrated, the same each time', async () => {
    const items = ['--items', join(folder, 'items.csv')];
    const ours = await figures('gervet', ...items, '--compare');
    expect(ours).toMatchObject({ n: 120 * 40, interactions: 120 * 40 });
    expect(ours.auc).toBeGreaterThan(0.7);
    expect(ours.ece).toBeLessThan(0.03);
    expect(ours.rmse).toBeLessThan(0.47);
    expect(ours.logLoss).toBeLessThan(0.63);
    expect(ours.microsPerUpdate).toBeGreaterThan(0);
    expect(ours.bins.reduce((sum, { count }) => sum + count, 0)).toBe(ours.n);
    expect(ours.againstBestLr!.low).toBeLessThanOrEqual(ours.againstBestLr!.difference);
    const elo = await figures('gervet', ...items, '--model', 'elo');
    expect(ours.auc).toBeGreaterThan(elo.auc);
    const again = await figures('gervet', ...items, '--compare');
    expect({ ...again, microsPerUpdate: 0, fitSeconds: 0 }).toEqual({ ...ours, microsPerUpdate: 0, fitSeconds: 0 });
    const fromAkt = await figures('akt');
    expect(fromAkt.auc).toBeCloseTo(ours.auc, 6);
  }, 120_000);

  it('scores no first answer of a row in the format of pyKT, and needs no items', async () => {
    const { n, interactions, auc } = await figures('pykt', '--model', 'bestlr');
    expect({ n, interactions }).toEqual({ n: 120 * 39, interactions: 120 * 40 });
    expect(auc).toBeGreaterThan(0.6);
  }, 60_000);

  it('learns in one pass, draws a plot and prints a table', async () => {
    const plot = join(folder, 'calibration.svg');
    const { code, stdout } = await evaluate('gervet', '--online', '--plot', plot);
    expect(code).toBe(0);
    expect(stdout).toMatch(/AUC +0\.[67]\d{3}/);
    expect(stdout).toMatch(/scored on +120 students, 4800 of 4800 interactions/);
    expect(stdout).toMatch(/bin +predicted +observed/);
    expect(await readFile(plot, 'utf8')).toMatch(/^<svg [^]*AUC 0\.[67][^]*<\/svg>\s*$/);
  }, 60_000);

  it('says which line of which file it cannot read', async () => {
    const broken = join(folder, 'broken.gervet');
    await writeFile(broken, 'user_id\titem_id\ttimestamp\tcorrect\tskill_id\n1\t2\t0\tyes\t3\n');
    const one = await evaluate('gervet', '--test', broken);
    expect(one).toMatchObject({ code: 2, stdout: '' });
    expect(one.stderr).toContain('broken.gervet, line 2');
    expect(await evaluate('gervet', '--test', join(folder, 'none.csv'))).toMatchObject({ code: 2 });
    expect((await evaluate('csv')).code).not.toBe(0);
  }, 60_000);
});
