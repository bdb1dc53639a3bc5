import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRng, type Rng } from '#libs/kernel';
import {
  drawFlowchart,
  planFlowchart,
  slippedFrom,
  slips,
  someHand,
  type PlannedArrow,
  type PlannedFlowchart,
} from '#libs/grading';
import { photograph, someCamera } from '#libs/imaging';
import { EXIT_CODE } from '../shell/exit-code.js';

export interface DrawFlowchartsFlags {
  readonly out: string;
  readonly count: number;
  readonly seed: string;
}

/** Writes photos of flowcharts with their truth, in the form that the detector is trained on; resolves to the exit code. */
export async function drawFlowcharts({ out, count, seed }: DrawFlowchartsFlags): Promise<number> {
  if (!Number.isInteger(count) || count < 1) {
    console.error('  --count: a whole number from 1 on');
    return EXIT_CODE.settings;
  }
  await mkdir(join(out, 'images'), { recursive: true });
  const rows: object[] = [];
  for (let number = 0; number < count; number++) {
    const image = `images/${seed}-${number}.jpg`;
    const { picture, row } = await drawOne(`${seed}/${number}`);
    await writeFile(join(out, image), picture);
    rows.push({ image, writer: `drawn-${seed}-${number}`, exercise: 'drawn', ...row });
  }
  await writeFile(join(out, 'drawn.json'), JSON.stringify(rows));
  return 0;
}

async function drawOne(seed: string): Promise<{ picture: Uint8Array; row: object }> {
  const rng = seededRng(seed);
  const plan = someFlowchart(rng);
  const { strokes, groups } = drawFlowchart(plan, someHand(rng), rng);
  const { picture, width, height, place } = await photograph(strokes, someCamera(rng), rng);
  const box = (of: readonly number[]): number[] => {
    const places = of.flatMap((stroke) => strokes[stroke]!.map(place));
    const [xs, ys] = [places.map(([x]) => x), places.map(([, y]) => y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    return [left, top, Math.max(...xs) - left, Math.max(...ys) - top];
  };
  const figures = groups.filter(({ label }) => label !== 'text' && label !== 'arrow');
  const row = {
    width,
    height,
    nodes: figures.map(({ label, ref, strokes: own }) => {
      // a box is what process models call a task
      return { id: ref, type: label === 'process' ? 'task' : label, text: '', bbox: box(own) };
    }),
    edges: plan.arrows.map(({ id, source, target, way }) => {
      return { id, type: 'sequenceFlow', source, target, points: way.map(place) };
    }),
    words: groups.filter(({ label }) => label === 'text').map(({ strokes: own }) => ({ text: '', bbox: box(own) })),
  };
  return { picture, row };
}

function turned({ source, target, way, ...arrow }: PlannedArrow): PlannedArrow {
  return { ...arrow, source: target, target: source, way: way.toReversed() };
}

/** As learners draw them: half of them with a slip, and arrows the wrong way round. */
function someFlowchart(rng: Rng): PlannedFlowchart {
  const plan = planFlowchart(rng);
  if (rng() < 0.5) return plan;
  const slipped = slippedFrom(plan, slips[Math.floor(rng() * slips.length)]!, rng)?.plan ?? plan;
  const arrows = slipped.arrows.map((arrow) => (rng() < 0.3 ? turned(arrow) : arrow));
  return { ...slipped, arrows };
}
