import type { CalibrationBin } from '#libs/mastery';

const size = 420;
const margin = 48;
const inner = size - 2 * margin;

/** A calibration plot as SVG: predicted against observed shares, a dot for each bin, its area by the count. */
export function calibrationPlot(title: string, bins: readonly CalibrationBin[]): string {
  const x = (p: number): number => margin + p * inner;
  const y = (p: number): number => size - margin - p * inner;
  const most = Math.max(...bins.map(({ count }) => count), 1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const filled = bins.filter(({ count }) => count > 0);
  const line = filled.map(({ predicted, observed }) => `${at(x(predicted))},${at(y(observed))}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" font-family="sans-serif" font-size="12">
<title>${escaped(title)}</title>
<rect width="${size}" height="${size}" fill="#fff"/>
<text x="${size / 2}" y="24" text-anchor="middle" font-size="14">${escaped(title)}</text>
${ticks
  .map(
    (
      tick,
    ) => `<line x1="${at(x(tick))}" y1="${at(y(0))}" x2="${at(x(tick))}" y2="${at(y(1))}" stroke="#e2e2e2"/><line x1="${at(x(0))}" y1="${at(y(tick))}" x2="${at(x(1))}" y2="${at(y(tick))}" stroke="#e2e2e2"/>
<text x="${at(x(tick))}" y="${at(y(0) + 16)}" text-anchor="middle">${tick}</text><text x="${at(x(0) - 6)}" y="${at(y(tick) + 4)}" text-anchor="end">${tick}</text>`,
  )
  .join('\n')}
<line x1="${at(x(0))}" y1="${at(y(0))}" x2="${at(x(1))}" y2="${at(y(1))}" stroke="#888" stroke-dasharray="4 4"/>
<polyline points="${line}" fill="none" stroke="#1f6f8b" stroke-width="2"/>
${filled
  .map(
    ({ predicted, observed, count }) =>
      `<circle cx="${at(x(predicted))}" cy="${at(y(observed))}" r="${at(3 + 9 * Math.sqrt(count / most))}" fill="#1f6f8b" fill-opacity=".55"><title>${count} responses: predicted ${predicted.toFixed(3)}, right ${observed.toFixed(3)}</title></circle>`,
  )
  .join('\n')}
<text x="${size / 2}" y="${size - 8}" text-anchor="middle">predicted share of right answers</text>
<text transform="translate(14 ${size / 2}) rotate(-90)" text-anchor="middle">observed</text>
</svg>
`;
}

function at(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
