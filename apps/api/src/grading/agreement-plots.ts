import type { Agreement, ReliabilityBin } from '#libs/grading';

const [size, margin] = [420, 56];
const inner = size - 2 * margin;
const ink = '#1f6f8b';

/** The share of decisions that is exact against their confidence, as SVG: a dot for each bin, its area by the count. */
export function reliabilityPlot(bins: readonly ReliabilityBin[]): string {
  const filled = bins.filter(({ count }) => count > 0);
  const most = Math.max(...filled.map(({ count }) => count), 1);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) => `<line x1="${x(tick)}" y1="${y(0)}" x2="${x(tick)}" y2="${y(1)}" stroke="#e2e2e2"/>
<line x1="${x(0)}" y1="${y(tick)}" x2="${x(1)}" y2="${y(tick)}" stroke="#e2e2e2"/>
<text x="${x(tick)}" y="${at(size - margin + 16)}" text-anchor="middle">${tick}</text>
<text x="${at(margin - 6)}" y="${y(tick, 4)}" text-anchor="end">${tick}</text>`,
  );
  const dots = filled.map(
    ({ confidence, exact, count }) =>
      `<circle cx="${x(confidence)}" cy="${y(exact)}" r="${at(3 + 9 * Math.sqrt(count / most))}" fill="${ink}" fill-opacity=".55"><title>${count} decisions: confidence ${confidence.toFixed(3)}, exact ${exact.toFixed(3)}</title></circle>`,
  );
  return plot('Confidence and what is exact', 'confidence of the program', 'share with the teacher’s points', [
    ...ticks,
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#888" stroke-dasharray="4 4"/>`,
    `<polyline points="${filled.map(({ confidence, exact }) => `${x(confidence)},${y(exact)}`).join(' ')}" fill="none" stroke="${ink}" stroke-width="2"/>`,
    ...dots,
  ]);
}

/** Which share of the points the teacher awarded where the program gave which, as SVG: each number in its square, darker with more. */
export function confusionPlot(levels: Agreement['levels'], confusion: Agreement['confusion']): string {
  const step = 1 / Math.max(levels.length, 1);
  const most = Math.max(...confusion.flat(), 1);
  const names = levels.map(
    (level, index) =>
      `<text x="${x((index + 0.5) * step)}" y="${at(size - margin + 16)}" text-anchor="middle">${percent(level)}</text>
<text x="${at(margin - 6)}" y="${y((index + 0.5) * step, 4)}" text-anchor="end">${percent(level)}</text>`,
  );
  const squares = confusion.flatMap((row, teacher) =>
    row.map((count, program) => {
      const [left, top] = [x(program * step), y((teacher + 1) * step)];
      const shade = count / most;
      return `<rect x="${left}" y="${top}" width="${at(inner * step)}" height="${at(inner * step)}" fill="${ink}" fill-opacity="${(0.9 * shade).toFixed(2)}" stroke="#e2e2e2"/>
<text x="${x((program + 0.5) * step)}" y="${y((teacher + 0.5) * step, 4)}" text-anchor="middle" fill="${shade > 0.5 ? '#fff' : '#222'}">${count}</text>`;
    }),
  );
  return plot('Points of program and teacher', 'the program gave', 'the teacher awarded', [...squares, ...names]);
}

function plot(title: string, along: string, up: string, parts: readonly string[]): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="12" role="img">
<title>${title}</title>
<rect width="${size}" height="${size}" fill="#fff"/>
<text x="${size / 2}" y="24" text-anchor="middle" font-size="14">${title}</text>
${parts.join('\n')}
<text x="${size / 2}" y="${size - 12}" text-anchor="middle">${along}</text>
<text transform="translate(14 ${size / 2}) rotate(-90)" text-anchor="middle">${up}</text>
</svg>
`;
}

/** From the left, a share of the width. */
function x(share: number): string {
  return at(margin + share * inner);
}

/** From the bottom, a share of the height; `lower` pixels further down. */
function y(share: number, lower = 0): string {
  return at(size - margin - share * inner + lower);
}

function at(pixels: number): string {
  return pixels.toFixed(1);
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
