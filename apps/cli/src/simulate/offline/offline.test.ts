import { describe, expect, it } from 'vitest';
import { comparePolicies, kssWorld } from '#libs/recommendation';
import { SimulateFailure } from '../simulate-failure.js';
import { learningCurves } from './learning-curves.js';
import { allPolicies } from './offline-flags.js';
import { findPolicies } from './offline-policies.js';
import { policyTable } from './policy-table.js';
import type { OfflineReport } from './simulate-offline.js';

describe('naming policies', () => {
  it('finds each that is offered, and earlier versions of ours', () => {
    expect(findPolicies(allPolicies).map(({ name }) => name)).toEqual(allPolicies.split(','));
    expect(findPolicies(' attune , attune@1, attune').map(({ name }) => name)).toEqual(['attune', 'attune@1']);
  });
  it.each(['', 'best', 'attune@0', 'attune@x', 'attune-2'])('refuses "%s"', (list) => {
    expect(() => findPolicies(list)).toThrow(SimulateFailure);
  });
});

describe('showing a comparison', () => {
  const policies = findPolicies('attune,random,oracle');
  const results = comparePolicies({ world: kssWorld, policies, learners: 4, steps: [5, 10], seed: 'x' });
  const report: OfflineReport = { world: 'kss', skills: 10, learners: 4, seed: 'x', policies: results };

  it('has a row for each policy, under a title for each figure', () => {
    const [header, ...rows] = policyTable(report).split('\n');
    expect(header!.trim().split(/ {2,}/)).toEqual([
      'policy',
      'gain after 5',
      'gain after 10',
      'of oracle at 5',
      'of oracle at 10',
      'violations',
    ]);
    expect(rows[0]!.trim().split(/ {2,}/)).toHaveLength(6);
    expect(rows[2]).toMatch(/^ {2}oracle .*100\.0 ± 0\.0 %/);
    const withoutOracle = {
      ...report,
      policies: comparePolicies({
        world: kssWorld,
        policies: policies.slice(0, 2),
        learners: 2,
        steps: [5],
        seed: 'x',
      }),
    };
    expect(policyTable(withoutOracle).split('\n')[0]).not.toContain('oracle');
  });

  it('draws a line and a band for each policy, inside the picture', () => {
    const svg = learningCurves(report);
    expect(svg.match(/<polyline/g)).toHaveLength(3);
    expect(svg.match(/<polygon/g)).toHaveLength(3);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    const numbers = [...svg.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    for (const [x, y] of numbers) {
      expect(x).toBeGreaterThanOrEqual(64);
      expect(x).toBeLessThanOrEqual(624);
      expect(y).toBeGreaterThanOrEqual(48);
      expect(y).toBeLessThanOrEqual(408);
    }
  });
});
