import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gradeLabelledParts, LabelledPartsGrader, type CriterionScore, type GradingResult } from '#libs/grading';
import { dangerousSystemActor } from '#libs/identity';
import { TesseractSheetReader } from '#libs/imaging';
import { seededRng, type Rng } from '#libs/kernel';
import { summarise } from './support/measure.js';
import { drawSheet, type Hand } from './support/sheets/draw-sheet.js';
import { makeWork, marksOf, type MadeWork } from './support/sheets/made-work.js';
import { photograph } from './support/sheets/photograph.js';
import { readPlantCell } from './support/sheets/plant-cell.js';

const count = Number(process.env['COUNT'] ?? 100);
const seed = process.env['SEED'] ?? 'report';
/** What is less sure than this goes to a teacher. */
const decidedFrom = 0.75;

/** How many of what was graded, and how much of it as the labels themselves would have been. */
class Tally {
  works = 0;
  decidedWorks = 0;
  exactWorks = 0;
  criteria = 0;
  decidedCriteria = 0;
  exactCriteria = 0;
  withError = 0;
  rightError = 0;

  add(truth: GradingResult, found: GradingResult | null): void {
    this.works++;
    this.criteria += truth.criteria.length;
    const decided = (found?.criteria ?? []).map((criterion) => isDecided(criterion));
    // What the labels themselves leave to a teacher is no fault of reading them.
    const isLeft = truth.confidence < decidedFrom;
    if (found !== null && (isLeft || decided.every(Boolean))) {
      this.decidedWorks++;
      if (isSame(found.total, truth.total)) this.exactWorks++;
    }
    truth.criteria.forEach((criterion, at) => {
      const other = found?.criteria[at];
      if (other === undefined || other.error === 'unread' || (!decided[at] && isDecided(criterion))) return;
      this.decidedCriteria++;
      if (isSame(other.awarded, criterion.awarded)) this.exactCriteria++;
      if (criterion.error === null && other.error === null) return;
      this.withError++;
      if (criterion.error === other.error) this.rightError++;
    });
  }

  toString(): string {
    const percent = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;
    return [
      `${this.works} sheets: ${percent(this.decidedWorks, this.works)} decided, of these ${percent(this.exactWorks, this.decidedWorks)} exact`,
      `${this.criteria} labels: ${percent(this.decidedCriteria, this.criteria)} decided, of these ${percent(this.exactCriteria, this.decidedCriteria)} exact`,
      `right error code where something is wrong: ${percent(this.rightError, this.withError)} of ${this.withError}`,
    ].join('; ');
  }
}

const isDecided = ({ error, confidence }: CriterionScore): boolean => error !== 'unread' && confidence >= decidedFrom;
const isSame = (one: number, other: number): boolean => Math.abs(one - other) < 1e-6;

/**
 * Made-up photographed sheets of the demo course's plant cell, printed and hand-printed, with up to three things wrong: graded, and
 * compared with what the labels themselves would earn. Then what must never pass: sheets without labels, and of other pictures.
 */
const root = process.cwd();
const course = join(root, 'prisma/seed/cell-biology');
const { specification, template } = await readPlantCell(course);
const reader = new TesseractSheetReader();
const grader = new LabelledPartsGrader(reader);
const durations: number[] = [];
/** Of the processor, which tells how long it takes on a core of its own, whatever else the machine does. */
const ofCore: number[] = [];

async function grade(work: MadeWork, hand: Hand, rng: Rng, printed = template) {
  const { sheet } = await drawSheet(printed, specification, work, hand, rng);
  const { jpeg } = await photograph(sheet, { hardness: 1 }, rng);
  const file = { kind: 'picture', bytes: jpeg, width: 2_048, height: 1_536 } as const;
  const [started, before] = [performance.now(), process.cpuUsage()];
  const actor = dangerousSystemActor('');
  const result = await grader.grade({ actor, courseId: '', specification, marks: [], file, picture: template });
  durations.push(performance.now() - started);
  const { user, system } = process.cpuUsage(before);
  ofCore.push((user + system) / 1_000);
  return result;
}

const megabytes = (): number => Math.round(process.memoryUsage.rss() / 1024 ** 2);
const tallies = { printed: new Tally(), 'hand-printed': new Tally() };
let warm = 0;
for (let turn = 0; turn < count; turn++) {
  const rng = seededRng(`${seed} ${turn}`);
  const work = makeWork(specification, Math.floor(rng() * 4), rng);
  const hand = turn % 2 === 0 ? 'printed' : 'hand-printed';
  const result = await grade(work, hand, rng);
  const found = result.kind === 'graded' ? result : null;
  tallies[hand].add(gradeLabelledParts(specification, marksOf(work)), found);
  if (turn === Math.min(20, count - 1)) warm = megabytes();
}
for (const [hand, tally] of Object.entries(tallies)) console.log(`${hand}: ${tally}`);
console.log(`photo to score, ms of the processor: ${JSON.stringify(summarise(ofCore.slice(1)))}`);
console.log(`photo to score, ms: ${JSON.stringify(summarise(durations.slice(1)))}`);
console.log(`memory, MiB: ${warm} when warm, ${megabytes()} after ${count} sheets`);

let passed = 0;
let tried = 0;
const blank = { labels: [], slips: [] };
for (let turn = 0; turn < Math.ceil(count / 10); turn++) {
  const result = await grade(blank, 'printed', seededRng(`${seed} blank ${turn}`));
  tried++;
  if (result.kind === 'graded' && result.flags.length === 0) passed++;
}
for (const name of (await readdir(join(course, 'media'))).filter((each) => each.endsWith('.png'))) {
  if (name === 'plant-cell-template.png') continue;
  const other = await readFile(join(course, 'media', name));
  const rng = seededRng(`${seed} ${name}`);
  const result = await grade(makeWork(specification, 0, rng), 'printed', rng, other);
  tried++;
  if (result.kind === 'graded' && result.flags.length === 0) passed++;
}
console.log(`blank sheets and other pictures: ${passed} of ${tried} passed`);
await reader.close();
