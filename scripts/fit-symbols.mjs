// Fits the net that tells the symbols of flowcharts to generated ones, and writes it down where the grader reads it.
//
//   npm run build && node scripts/fit-symbols.mjs
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fitBuiltInSymbolNet, numbersOf } from '#libs/grading';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const FILE = join(ROOT, 'libs/grading/src/ink/symbol-weights.ts');
/** Characters of numbers in a line, as the formatter likes it. */
const WIDTH = 112;

const net = fitBuiltInSymbolNet();
const lines = [''];
for (const number of numbersOf(net).map(String)) {
  const line = lines.at(-1);
  if (line === '') lines[lines.length - 1] = number;
  else if (line.length + number.length < WIDTH) lines[lines.length - 1] = `${line} ${number}`;
  else lines.push(number);
}
writeFileSync(
  FILE,
  `import { netOf } from './net-numbers.js';
import type { SmallNet } from './small-net.js';
import { symbolClasses } from './symbol-classes.js';

/**
 * The net that tells symbols, fitted to generated flowcharts only: what \`fitBuiltInSymbolNet\` gives, written down by
 * \`node scripts/fit-symbols.mjs\`.
 */
export function symbolWeights(): SmallNet {
  const all = numbers.flatMap((line) => line.split(' ').map(Number));
  return netOf(all, ${net.mean.length}, ${net.firstBias.length}, symbolClasses.length);
}

const numbers = [
${lines.map((line) => `  '${line}',`).join('\n')}
];
`,
);
console.log(`${FILE}: ${net.mean.length} features, ${net.firstBias.length} hidden units`);
