import { emptyBehaviour, observe } from '#libs/engagement';
import { gradeLabelledParts, labelledPartsSchema } from '#libs/grading';
import { emptyMastery, priorPopulation, StreamedModel, type MasteryState } from '#libs/mastery';
import { chooseNext, fringeAndBand, type Candidate, type SkillNode } from '#libs/recommendation';
import { median, round } from './support/measure.js';

const samples = Number(process.env['SAMPLES'] ?? 300);
/** Runs of one sample, so that the clock's own resolution does not count. */
const batch = 20;

/** What the engines cost by themselves, without a database or a socket: medians and p95 of many samples, in microseconds. */
const at0 = 1_700_000_000_000;
for (const [count, skillCount, shape] of [
  [150, 12, 'tree'],
  [500, 12, 'tree'],
  [5_000, 120, 'tree'],
  [50_000, 1_200, 'tree'],
  [50_000, 1_200, 'wide'],
  [50_000, 12, 'tree'],
] as const) {
  // As many activities a skill in each but the last; there, everything lies in the skills that the learner works on.
  const graph = graphOfSize(skillCount, shape);
  const candidates = Array.from({ length: count }, (_, index): Candidate => ({
    activityId: `activity-${index}`,
    number: index,
    kind: Math.floor(index / skillCount) % 10 === 0 ? 'explanation' : 'exercise',
    modality: 'text',
    language: 'en',
    skillIds: [graph[index % skillCount]!.id],
    difficulty: (index % 9) / 4 - 1,
    timesSeen: 0,
    lastSeenSequence: null,
  }));
  const model = new StreamedModel({
    snapshot: 1,
    population: priorPopulation(),
    skillNumbers: new Map(graph.map(({ id }, number) => [id, number])),
    exercises: candidates.filter(({ kind }) => kind === 'exercise'),
  });
  const answered = candidates.filter(({ kind }) => kind === 'exercise').slice(0, 200);
  let mastery: MasteryState = emptyMastery();
  for (const [turn, item] of answered.entries())
    mastery = model.update(mastery, { item, correct: turn % 3 !== 0, at: at0 + turn * 60_000 }).state;
  if (count === 150) {
    const item = { number: 3, skillIds: ['skill-3', 'skill-7'], difficulty: 0.3 };
    report('mastery update, two skills', (turn) =>
      model.update(mastery, { item, correct: turn % 2 === 0, at: at0 + turn }),
    );
  }
  const input = {
    skills: graph,
    mastery: (skillId: string) => model.estimate(mastery, skillId, at0),
    responsesTo: (skillId: string) => model.responsesTo(mastery, skillId),
    expectedSuccess: (asked: Parameters<typeof model.probabilityOf>[1]) => model.probabilityOf(mastery, asked, at0),
    candidates,
    exposures: new Map(answered.map(({ number }, index) => [number!, { timesSeen: 1, lastSeenSequence: index }])),
    sequence: 200,
    learner: { languages: ['en'], excludedModalities: [] },
  };
  report(`choice, ${count} activities, ${shape} of ${skillCount} skills`, (turn) => {
    const choice = chooseNext(input, fringeAndBand, `seed-${turn}`);
    if (choice.kind !== 'chosen') throw new Error('Nothing was chosen.');
  });
}

const norm = { medianMs: 60_000, spread: 0.6, successRate: 0.75 };
let behaviour = emptyBehaviour();
let at = at0;
report('observe an answer', (turn) => {
  at += 60_000;
  const answered = { activityId: `activity-${turn % 50}`, correct: turn % 3 !== 0, durationMs: 50_000, hintsUsed: 0 };
  behaviour = observe(behaviour, { kind: 'answered', at, ...answered }, norm).state;
});

const hints = { orient: 'Look.', point: 'There.', show: 'This.' };
const specification = labelledPartsSchema.parse({
  kind: 'labelled-parts',
  version: 1,
  image: { width: 800, height: 600 },
  tolerance: 0.0075,
  parts: Array.from({ length: 12 }, (_, index) => {
    const [x, y] = [40 + (index % 4) * 190, 40 + Math.floor(index / 4) * 190];
    const polygon = Array.from({ length: 16 }, (_point, corner) => [
      Math.round(x + 70 + 65 * Math.cos((corner * Math.PI) / 8)),
      Math.round(y + 70 + 65 * Math.sin((corner * Math.PI) / 8)),
    ]);
    return {
      id: `part-${index}`,
      label: `part number ${index}`,
      polygons: [polygon],
      points: 1,
      skill: 'cells',
      hints,
    };
  }),
});
const marks = specification.parts.map(({ label }, index) => ({
  id: `mark-${index}`,
  label: index % 5 === 4 ? `${label}x` : label,
  shape: { kind: 'point' as const, x: 110 + (index % 4) * 190, y: 110 + Math.floor(index / 4) * 190 },
}));
report('grade twelve marks', () => gradeLabelledParts(specification, marks));
process.exit(0);

/** A tree in which every skill opens two more; or a third of the skills open from the beginning, with two on each. */
function graphOfSize(size: number, shape: 'tree' | 'wide'): SkillNode[] {
  return Array.from({ length: size }, (_, index) => {
    const before = shape === 'tree' ? Math.floor((index - 1) / 2) : index - Math.floor(size / 3);
    return { id: `skill-${index}`, prerequisiteIds: before < 0 ? [] : [`skill-${before}`] };
  });
}

function report(what: string, run: (turn: number) => unknown): void {
  for (let turn = 0; turn < batch * 50; turn++) run(turn);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const started = performance.now();
    for (let turn = 0; turn < batch; turn++) run(sample * batch + turn);
    times.push(((performance.now() - started) / batch) * 1000);
  }
  times.sort((a, b) => a - b);
  const p95 = times[Math.floor(0.95 * times.length)]!;
  console.log(`${what.padEnd(52)}${show(median(times))} µs   p95 ${show(p95)} µs`);
}

function show(microseconds: number): string {
  return String(round(microseconds, 1)).padStart(8);
}
