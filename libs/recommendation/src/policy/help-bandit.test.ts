import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import {
  emptyHelpBandit,
  parseHelpBandit,
  type HelpBanditState,
  type HelpOption,
  type HelpPlace,
} from '../model/help-bandit.js';
import { drawHelp, helpFloor, helpPosterior, helpPropensities, rewarded } from './help-bandit.js';

const explained: HelpOption = { kind: 'explanation', modality: 'text' };
const worked: HelpOption = { kind: 'worked-example', modality: 'text' };
const film: HelpOption = { kind: 'video', modality: 'video' };
const options = [explained, worked, film];

const item: HelpPlace = { skillId: 's', itemId: 'i' };
const sibling: HelpPlace = { skillId: 's', itemId: 'j' };
const elsewhere: HelpPlace = { skillId: 'far', itemId: 'k' };

function after(place: HelpPlace, option: HelpOption, rewards: readonly number[], from = emptyHelpBandit()) {
  return rewards.reduce((state, reward) => rewarded(state, place, option, reward), from);
}
const mean = (state: HelpBanditState, place: HelpPlace, option: HelpOption): number => {
  const { a, b } = helpPosterior(state, place, option);
  return a / (a + b);
};
const ones = (count: number): number[] => new Array<number>(count).fill(1);

describe('what is believed of help', () => {
  it('is the prior, before anything was tried', () => {
    expect(mean(emptyHelpBandit(), item, explained)).toBeCloseTo(0.5, 12);
    const hoped = { ...explained, expected: 0.7 };
    expect(mean(emptyHelpBandit(), item, hoped)).toBeCloseTo(0.7, 12);
  });
  it('leans on the skill, and less on the course, where nothing was tried', () => {
    const state = after(item, explained, ones(20));
    const [own, near, far] = [item, sibling, elsewhere].map((place) => mean(state, place, explained));
    expect(own).toBeGreaterThan(near!);
    expect(far).toBeCloseTo((4 * 0.5 + 20) / 24, 12);
    expect(near).toBeCloseTo((10 * 0.5 + 20) / 30, 12);
    expect(mean(state, item, worked)).toBeCloseTo(0.5, 12);
  });
  it('counts nothing twice: what an item has tried does not come back through its skill', () => {
    const { a, b } = helpPosterior(after(item, explained, ones(20)), item, explained);
    expect([a, b]).toEqual([6 * 0.5 + 20, 6 * 0.5]);
  });
  it('follows the item where much was tried, against the skill', () => {
    const state = after(item, explained, new Array<number>(200).fill(0), after(sibling, explained, ones(200)));
    expect(mean(state, item, explained)).toBeLessThan(0.05);
  });
});

describe('a draw', () => {
  it('finds what helps, and goes on trying the rest a little', () => {
    const rng = seededRng('a class');
    const helps: Record<string, number> = { explanation: 0.35, 'worked-example': 0.7, video: 0.4 };
    let state = emptyHelpBandit();
    for (let n = 0; n < 300; n++) {
      const place = { skillId: 's', itemId: `i${n % 4}` };
      const { choice } = drawHelp(state, place, options, rng);
      state = rewarded(state, place, choice, rng() < helps[choice.kind]! ? 1 : 0);
    }
    const [, best, least] = helpPropensities(state, item, options);
    expect(best!.kind).toBe('worked-example');
    expect(best!.probability).toBeGreaterThan(0.7);
    expect(least!.probability).toBeGreaterThanOrEqual(helpFloor / 3);
  });

  it('is as frequent as it says', () => {
    const state = after(item, worked, [1, 1, 0, 1], after(sibling, film, [0, 0]));
    const rng = seededRng('frequent');
    const counts = new Map<string, number>();
    const draws = 1_000;
    const propensities = helpPropensities(state, item, options);
    for (let n = 0; n < draws; n++) {
      const { choice } = drawHelp(state, item, options, rng);
      counts.set(choice.kind, (counts.get(choice.kind) ?? 0) + 1);
    }
    for (const { kind, probability } of propensities) {
      const error = Math.abs((counts.get(kind) ?? 0) / draws - probability);
      expect(error).toBeLessThan(4 * Math.sqrt((probability * (1 - probability)) / draws));
    }
  });

  it('takes an option once, one alone always, and none never', () => {
    expect(helpPropensities(emptyHelpBandit(), item, [explained, explained])).toHaveLength(1);
    expect(drawHelp(emptyHelpBandit(), item, [film], () => 0.999).choice.probability).toBe(1);
    expect(() => drawHelp(emptyHelpBandit(), item, [], () => 0)).toThrow(RangeError);
  });
});

const aTry = fc.record({
  place: fc.constantFrom<HelpPlace>(item, sibling, elsewhere, { skillId: 's' }, { skillId: '__proto__', itemId: 'x' }),
  option: fc.constantFrom(...options),
  reward: fc.constantFrom(0, 0.3, 1),
});

describe('laws', () => {
  it('a draw is a distribution with a floor, and its choice is of it', () => {
    fc.assert(
      fc.property(
        fc.array(aTry, { maxLength: 40 }),
        fc.string(),
        fc.constantFrom(0.01, 0.1, 1),
        (tries, seed, floor) => {
          const state = tries.reduce(
            (so, each) => rewarded(so, each.place, each.option, each.reward),
            emptyHelpBandit(),
          );
          const draw = drawHelp(state, item, options, seededRng(seed), floor);
          expect(draw.options.reduce((sum, each) => sum + each.probability, 0)).toBeCloseTo(1, 9);
          for (const each of draw.options) {
            expect(each.probability).toBeGreaterThanOrEqual(floor / options.length - 1e-12);
            expect(each.expected).toBeGreaterThan(0);
            expect(each.expected).toBeLessThan(1);
          }
          expect(draw.options).toContainEqual(draw.choice);
          expect(drawHelp(state, item, options, seededRng(seed), floor)).toEqual(draw);
        },
      ),
    );
  });

  it('a reward never lowers the option, and its lack never raises it, at any level', () => {
    fc.assert(
      fc.property(fc.array(aTry, { maxLength: 30 }), aTry, (tries, { place, option }) => {
        const state = tries.reduce((so, each) => rewarded(so, each.place, each.option, each.reward), emptyHelpBandit());
        for (const at of [item, sibling, elsewhere]) {
          const before = mean(state, at, option);
          expect(mean(rewarded(state, place, option, 1), at, option)).toBeGreaterThanOrEqual(before - 1e-12);
          expect(mean(rewarded(state, place, option, 0), at, option)).toBeLessThanOrEqual(before + 1e-12);
        }
      }),
    );
  });

  it('the order of rewards does not matter, and JSON keeps them', () => {
    fc.assert(
      fc.property(fc.array(aTry, { maxLength: 30 }), (tries) => {
        const learn = (list: typeof tries): HelpBanditState =>
          list.reduce((so, each) => rewarded(so, each.place, each.option, each.reward), emptyHelpBandit());
        const state = learn(tries);
        for (const option of options) {
          expect(mean(learn([...tries].reverse()), item, option)).toBeCloseTo(mean(state, item, option), 12);
        }
        expect(helpPropensities(parseHelpBandit(JSON.parse(JSON.stringify(state))), item, options)).toEqual(
          helpPropensities(state, item, options),
        );
      }),
    );
  });
});

it('refuses what is no reward, and no state', () => {
  for (const reward of [-0.1, 1.1, Number.NaN]) {
    expect(() => rewarded(emptyHelpBandit(), item, film, reward)).toThrow(RangeError);
  }
  for (const json of [
    null,
    { version: 2, course: {}, skills: {} },
    { version: 1, course: { x: [2, 1] }, skills: {} },
  ]) {
    expect(() => parseHelpBandit(json)).toThrow(TypeError);
  }
});
