import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { drawFlowchart, planFlowchart, someHand } from './draw-flowchart.js';
import { netOf, numbersOf } from './net-numbers.js';
import { readFlowchart } from './read-flowchart.js';
import { applyNet, fitNet } from './small-net.js';
import { overlapOf, tellSymbol } from './symbol-net.js';

describe('fitNet', () => {
  const plan = { classes: 2, hidden: 8, epochs: 60, batch: 8, rate: 0.02, decay: 0.01, seed: 'ring' };
  const rng = seededRng('ring');
  const examples = Array.from({ length: 300 }, () => {
    const features = [rng() * 4 - 2, rng() * 4 - 2];
    return { features, label: Math.hypot(features[0]!, features[1]!) < 1.2 ? 1 : 0 };
  });

  it('learns what no straight line divides', () => {
    const net = fitNet(examples, plan);
    const right = examples.filter(({ features, label }) => applyNet(net, features)[label]! > 0.5).length;
    expect(right / examples.length).toBeGreaterThan(0.95);
  });

  it('gives probabilities, the same for the same seed, and survives being written down', () => {
    const net = fitNet(examples, plan);
    const given = applyNet(net, [0.3, -0.4]);
    expect(given.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
    expect(applyNet(fitNet(examples, plan), [0.3, -0.4])).toEqual(given);
    const read = applyNet(netOf(numbersOf(net), 2, 8, 2), [0.3, -0.4]);
    read.forEach((each, at) => expect(each).toBeCloseTo(given[at]!, 2));
  });
});

describe('readFlowchart', () => {
  it('reads generated flowcharts that it has not learnt from', () => {
    const rng = seededRng('flowcharts to read');
    const counted = { figures: 0, right: 0, arrows: 0, led: 0 };
    for (let chart = 0; chart < 25; chart++) {
      const plan = planFlowchart(rng);
      const drawn = drawFlowchart(plan, someHand(rng), rng);
      const read = readFlowchart(drawn.strokes, tellSymbol);
      const names = read.figures.map(
        ({ type, strokes }) =>
          drawn.groups.find(({ label, strokes: own }) => label === type && overlapOf(own, strokes) >= 0.8)?.ref,
      );
      const led = read.arrows.map(({ source, target }) => `${names[source ?? -1]} ${names[target ?? -1]}`);
      counted.figures += plan.figures.length;
      counted.right += plan.figures.filter(({ id }) => names.includes(id)).length;
      counted.arrows += plan.arrows.length;
      counted.led += plan.arrows.filter(({ source, target }) => led.includes(`${source} ${target}`)).length;
    }
    expect(counted.right / counted.figures).toBeGreaterThan(0.95);
    expect(counted.led / counted.arrows).toBeGreaterThan(0.9);
  });

  it('finds nothing in nothing, and in a dot', () => {
    expect(readFlowchart([], tellSymbol)).toMatchObject({ figures: [], arrows: [] });
    expect(readFlowchart([[[5, 5]]], tellSymbol)).toMatchObject({ figures: [], arrows: [], beside: [0] });
  });

  it('bears as many strokes as may be handed in', () => {
    const rng = seededRng('many');
    const strokes = Array.from({ length: 2_000 }, () => {
      const [x, y] = [rng() * 1_000, rng() * 1_000];
      return Array.from({ length: 20 }, (): [number, number] => [x + rng() * 60, y + rng() * 60]);
    });
    const began = performance.now();
    readFlowchart(strokes, tellSymbol);
    expect(performance.now() - began).toBeLessThan(60_000);
  }, 90_000);
});
