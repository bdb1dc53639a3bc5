import { emptyBehaviour, observe } from '#libs/engagement';
import { gradeLabelledParts, labelledPartsSchema } from '#libs/grading';
import { emptyElo, estimate, probabilityOf, update, type EloState } from '#libs/mastery';
import { chooseNext, fringeAndBand, type Candidate } from '#libs/recommendation';
import { median, round } from './support/measure.js';

const samples = Number(process.env['SAMPLES'] ?? 300);
/** Runs of one sample, so that the clock's own resolution does not count. */
const batch = 20;

/** What the engines cost by themselves, without a database or a socket: medians of many samples, in microseconds. */
const skills = Array.from({ length: 12 }, (_, index) => ({
  id: `skill-${index}`,
  prerequisiteIds: index === 0 ? [] : [`skill-${Math.floor((index - 1) / 2)}`],
}));
let mastery: EloState = emptyElo();
for (let turn = 0; turn < 200; turn++) {
  const item = { skillIds: [skills[turn % 12]!.id], difficulty: (turn % 7) / 3 - 1 };
  mastery = update(mastery, { item, correct: turn % 3 !== 0 }).state;
}

const item = { skillIds: ['skill-3', 'skill-7'], difficulty: 0.3 };
report('mastery update, two skills', (turn) => update(mastery, { item, correct: turn % 2 === 0 }));

for (const count of [150, 500]) {
  const candidates = Array.from({ length: count }, (_, index): Candidate => {
    const lastSeenSequence = index % 3 === 0 ? index : null;
    return {
      activityId: `activity-${index}`,
      kind: index % 10 === 0 ? 'explanation' : 'exercise',
      modality: 'text',
      language: 'en',
      skillIds: [skills[index % 12]!.id],
      difficulty: (index % 9) / 4 - 1,
      timesSeen: lastSeenSequence === null ? 0 : 1,
      lastSeenSequence,
    };
  });
  const input = {
    skills,
    mastery: (skillId: string) => estimate(mastery, skillId),
    expectedSuccess: (asked: Parameters<typeof probabilityOf>[1]) => probabilityOf(mastery, asked),
    candidates,
    sequence: 200,
    learner: { languages: ['en'], excludedModalities: [] },
  };
  report(`choice among ${count} activities`, (turn) => {
    const choice = chooseNext(input, fringeAndBand, `seed-${turn}`);
    if (choice.kind !== 'chosen') throw new Error('Nothing was chosen.');
  });
}

const norm = { medianMs: 60_000, spread: 0.6, successRate: 0.75 };
let behaviour = emptyBehaviour();
let at = 1_700_000_000_000;
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

function report(what: string, run: (turn: number) => unknown): void {
  for (let turn = 0; turn < batch * 50; turn++) run(turn);
  const times: number[] = [];
  for (let sample = 0; sample < samples; sample++) {
    const started = performance.now();
    for (let turn = 0; turn < batch; turn++) run(sample * batch + turn);
    times.push(((performance.now() - started) / batch) * 1000);
  }
  console.log(`${what.padEnd(32)}${String(round(median(times), 1)).padStart(10)} µs`);
}
