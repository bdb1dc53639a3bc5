import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Figures, GradingEvaluation, WorstCase } from './grading-evaluation.js';

/** Writes `index.html` into a folder: the figures, and the worst cases with what was made of them drawn over. */
export async function writeGradingReport(folder: string, set: string, evaluation: GradingEvaluation): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'index.html');
  await writeFile(file, reportPage(set, evaluation));
  return file;
}

/** One page that needs nothing else: pictures are inside it. */
export function reportPage(set: string, { figures, worst }: GradingEvaluation): string {
  const rows = flat(figures).map(([name, value]) => `<tr><th>${escape(name)}</th><td>${value}</td></tr>`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Grading on ${escape(set)}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #222; }
th { text-align: left; font-weight: 500; padding-right: 2rem; }
td { font-variant-numeric: tabular-nums; }
section { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1.5rem; }
figure { margin: 0; }
svg { width: 100%; height: auto; border: 1px solid #ccc; background: #fff; }
.right { stroke: #0072b2; }
.wrong { stroke: #d55e00; stroke-dasharray: 6 3; }
.neutral { stroke: #555; }
</style>
<h1>Grading on ${escape(set)}</h1>
<table>${rows.join('')}</table>
<h2>Worst cases</h2>
<p>Blue, drawn through: right or asked for. Orange, dashed: wrong.</p>
<section>${worst.map(figure).join('')}</section>
</html>
`;
}

function figure({ title, facts, picture, width, height, shapes }: WorstCase): string {
  const image =
    picture === null
      ? ''
      : `<image href="data:${picture.mediaType};base64,${Buffer.from(picture.bytes).toString('base64')}" ` +
        `width="${width}" height="${height}"/>`;
  const line = Math.max(1, Math.max(width, height) / 300);
  const drawn = shapes.map(({ points, closed, colour, label }) => {
    const path = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ');
    const element = closed ? 'polygon' : 'polyline';
    return `<${element} class="${colour}" points="${path}" fill="none" stroke-width="${line}"><title>${escape(label)}</title></${element}>`;
  });
  const caption = [`<b>${escape(title)}</b>`, ...facts.map(escape)].join('<br>');
  return `<figure><svg viewBox="0 0 ${width} ${height}">${image}${drawn.join('')}</svg><figcaption>${caption}</figcaption></figure>`;
}

/** Figures with their full names, such as `objects.f1`. */
export function flat(figures: Figures, before = ''): [string, string][] {
  return Object.entries(figures).flatMap(([name, value]): [string, string][] => {
    if (value === null) return [[before + name, '–']];
    if (typeof value === 'number') return [[before + name, String(Number(value.toPrecision(5)))]];
    return flat(value, `${before}${name}.`);
  });
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
