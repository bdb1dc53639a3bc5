import { newId } from '#libs/client';
import { seededRng } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { DiagramGrader, generateWork, slips, type Slip } from '#libs/grading';
import { ModelDrawingDetector, OpenCvPhotoMeasurer, photograph, SharpPictureReader, someCamera } from '#libs/imaging';
import { OnnxRuntime } from '#libs/inference';
import { drawingDetector } from '#libs/platform';
import { openShippedPackage } from '#libs/storage';
import { summarise } from './support/measure.js';

/**
 * Flowcharts that are asked for, drawn with one slip or none, and photographed in some light: how many score exactly what they should,
 * of the criteria that should lose something how many say why, and how long a photo takes on one core, from its bytes to its
 * score. SEED and COUNT (of each slip) choose the works; the detector learnt from others. TYPES=no lets types not count.
 */
const count = Number(process.env['COUNT'] ?? 40);
const seed = process.env['SEED'] ?? 'graded';
const types = process.env['TYPES'] !== 'no';
const runtime = new OnnxRuntime({ threads: 1 });
const photos = new OpenCvPhotoMeasurer();
const detector = new ModelDrawingDetector(() => openShippedPackage(drawingDetector), new SharpPictureReader(), runtime);
const grader = new DiagramGrader(detector, photos);
const durations: number[] = [];

interface Tally {
  works: number;
  exact: number;
  lost: number;
  told: number;
}

async function gradeWorks(slip: Slip): Promise<Tally> {
  const tally: Tally = { works: 0, exact: 0, lost: 0, told: 0 };
  for (let number = 0; tally.works < count; number++) {
    const rng = seededRng(`${seed}/${slip}/${number}`);
    const work = generateWork(slip, rng);
    if (work === null) continue;
    const { picture, width, height } = await photograph(work.strokes, someCamera(rng), rng);
    const file = { kind: 'picture', bytes: picture, width, height } as const;
    const began = performance.now();
    const result = await grader.grade({
      actor: dangerousSystemActor(newId()),
      courseId: '',
      specification: { ...work.specification, counts: { ...work.specification.counts, types } },
      template: null,
      marks: [],
      pictures: [file],
      file,
    });
    durations.push(performance.now() - began);
    const errors = new Map(
      result.kind === 'graded' ? result.criteria.map(({ criterionId, error }) => [criterionId, error]) : [],
    );
    const expected = Object.entries(work.losses);
    const told = expected.filter(([id, error]) => errors.get(id) === error).length;
    const others = [...errors].filter(([id, error]) => error !== null && !(id in work.losses)).length;
    tally.works += 1;
    tally.lost += expected.length;
    tally.told += told;
    if (result.kind === 'graded' && told === expected.length && others === 0) tally.exact += 1;
  }
  return tally;
}

const all: Tally = { works: 0, exact: 0, lost: 0, told: 0 };
for (const slip of slips.filter((each) => types || each !== 'wrong-type')) {
  const tally = await gradeWorks(slip);
  for (const name of Object.keys(all) as (keyof Tally)[]) all[name] += tally[name];
  console.log(`${slip.padEnd(16)} exact ${tally.exact}/${tally.works}, told ${tally.told}/${tally.lost}`);
}
console.log(`exact score: ${((100 * all.exact) / all.works).toFixed(1)} %`);
console.log(`right error code: ${((100 * all.told) / all.lost).toFixed(1)} %`);
console.log(`photo to score, ms: ${JSON.stringify(summarise(durations.slice(1)))}`);
await Promise.all([runtime.close(), photos.close()]);
