import type { Mean } from '#libs/recommendation';
import type { OfflineReport } from './simulate-offline.js';

/** The comparison as a table for people. */
export function policyTable({ world, skills, learners, seed, policies }: OfflineReport): string {
  const steps = policies[0]!.atSteps;
  const header = [
    'policy',
    ...steps.map((at) => `gain after ${at.steps}`),
    ...steps.filter(({ shareOfOracle }) => shareOfOracle !== null).map((at) => `of oracle at ${at.steps}`),
    'violations',
  ];
  const rows = policies.map(({ name, atSteps, violations }) => [
    name,
    ...atSteps.map(({ gain }) => withWidth(gain, 1, 3)),
    ...atSteps.flatMap(({ shareOfOracle }) =>
      shareOfOracle === null ? [] : [`${withWidth(shareOfOracle, 100, 1)} %`],
    ),
    violations === 0 ? '0' : violations.toFixed(1),
  ]);
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]): string =>
    `  ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!))).join('  ')}`;
  return [
    line(header),
    ...rows.map(line),
    '',
    `  World ${world}: ${skills} skills, ${learners} learners, seed "${seed}". Gain: share of what could still be learnt;`,
    '  ± half of a 95 % interval. The oracle sees inside the learners. Violations: exercises a lesson whose prerequisites',
    '  had not been shown to be mastered.',
  ].join('\n');
}

function withWidth({ mean, halfWidth }: Mean, scale: number, digits: number): string {
  return `${(mean * scale).toFixed(digits)} ± ${(halfWidth * scale).toFixed(digits)}`;
}
