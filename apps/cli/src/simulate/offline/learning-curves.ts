import type { OfflineReport } from './simulate-offline.js';

const plot = { left: 64, top: 48, width: 560, height: 360, legend: 170 } as const;
const size = { width: plot.left + plot.width + plot.legend, height: plot.top + plot.height + 60 } as const;

/** Colours that differ for all kinds of sight (M. Okabe and K. Ito, "Color Universal Design", 2008). */
const colours = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000'] as const;
const dashes = ['', '6 4', '2 3'] as const;

/** Learning curves as SVG: the mean gain after each step, with a band for its 95 % interval. */
export function learningCurves({ world, learners, policies }: OfflineReport): string {
  const last = policies[0]!.curve.length - 1;
  const highest = Math.max(
    0.1,
    ...policies.flatMap(({ curve }) => curve.map(({ mean, halfWidth }) => mean + halfWidth)),
  );
  const top = Math.ceil(highest * 10) / 10;
  const x = (step: number): string => (plot.left + (plot.width * step) / Math.max(1, last)).toFixed(1);
  const y = (gain: number): string => (plot.top + plot.height * (1 - gain / top)).toFixed(1);
  const title = `Learning curves: ${learners} learners of the world ${world}`;
  const ticks = Array.from({ length: Math.round(top * 10) + 1 }, (_, tenth) => tenth / 10);
  const stepTicks = Array.from({ length: 5 }, (_, quarter) => Math.round((last * quarter) / 4));
  const order = policies
    .map((policy, index) => ({ policy, index }))
    .sort((a, b) => b.policy.curve[last]!.mean - a.policy.curve[last]!.mean);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${size.width}" height="${size.height}" fill="#fff"/>`,
    `<text x="${plot.left}" y="26" font-size="15">${escaped(title)}</text>`,
    ...ticks.map(
      (tick) =>
        `<line x1="${x(0)}" x2="${x(last)}" y1="${y(tick)}" y2="${y(tick)}" stroke="#e2e2e2"/><text x="${plot.left - 8}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick.toFixed(1)}</text>`,
    ),
    ...stepTicks.map(
      (step) => `<text x="${x(step)}" y="${plot.top + plot.height + 18}" text-anchor="middle">${step}</text>`,
    ),
    `<text x="${plot.left + plot.width / 2}" y="${size.height - 18}" text-anchor="middle">exercises</text>`,
    `<text transform="translate(18 ${plot.top + plot.height / 2}) rotate(-90)" text-anchor="middle">normalised gain</text>`,
    ...policies.map(({ curve }, index) => {
      const upper = curve.map(({ mean, halfWidth }, step) => `${x(step)},${y(mean + halfWidth)}`);
      const lower = curve
        .map(({ mean, halfWidth }, step) => `${x(step)},${y(Math.max(0, mean - halfWidth))}`)
        .reverse();
      return `<polygon points="${[...upper, ...lower].join(' ')}" fill="${colourOf(index)}" fill-opacity=".15"/>`;
    }),
    ...policies.map(({ name, curve }, index) => {
      const points = curve.map(({ mean }, step) => `${x(step)},${y(mean)}`).join(' ');
      return `<polyline points="${points}" fill="none" ${strokeOf(index)}><title>${escaped(name)}</title></polyline>`;
    }),
    ...order.map(({ policy, index }, place) => {
      const [left, height] = [plot.left + plot.width + 16, plot.top + 10 + 22 * place];
      return `<line x1="${left}" x2="${left + 26}" y1="${height}" y2="${height}" ${strokeOf(index)}/><text x="${left + 34}" y="${height + 4}">${escaped(policy.name)}</text>`;
    }),
    '</svg>',
    '',
  ].join('\n');
}

function colourOf(index: number): string {
  return colours[index % colours.length]!;
}

function strokeOf(index: number): string {
  const dash = dashes[Math.floor(index / colours.length) % dashes.length]!;
  return `stroke="${colourOf(index)}" stroke-width="2"${dash === '' ? '' : ` stroke-dasharray="${dash}"`}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
