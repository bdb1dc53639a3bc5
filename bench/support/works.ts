import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AttuneClient, newId, operation, operations } from '#libs/client';
import type { RequestInput } from '#libs/contracts';
import { seededRng } from '#libs/kernel';

type Work = RequestInput<'/learn', 'work.submit'>;

/** Work of one kind that a learner of the demo school can hand in, over and over. */
export interface WorkToHandIn {
  readonly kind: string;
  next(turn: number): Work;
}

/** The demo school's teacher and student, and work of several kinds that was set for her. */
export interface Workshop {
  readonly student: AttuneClient;
  readonly works: readonly WorkToHandIn[];
}

const drawing = operation<{ assignments: { edges: { node: { id: string } }[] } }, { courseId: string }>(
  'query BenchAssignments($courseId: UUID!) { assignments(courseId: $courseId) { edges { node { id } } } }',
);
const course = operation<{ courses: { edges: { node: { id: string; skills: { id: string }[] } }[] } }>(
  'query BenchCourses { courses { edges { node { id skills { id } } } } }',
);

const hints = { orient: 'Look again.', point: 'There.', show: 'So.' };
const criterion = { points: 1, skill: 'cells', hints };

/** Signs in who is needed, and sets an assignment of each kind. */
export async function openWorkshop(url: string, dataFolder: string): Promise<Workshop> {
  const accounts = JSON.parse(await readFile(join(dataFolder, 'demo-accounts.json'), 'utf8')) as {
    institution: string;
    student: { email: string; password: string };
    teacher: { email: string; password: string };
  };
  const { institution } = accounts;
  const [student, teacher] = [new AttuneClient({ url }), new AttuneClient({ url })];
  await student.signIn({ institution, ...accounts.student });
  await teacher.signIn({ institution, ...accounts.teacher });
  const found = (await student.graphql(course)).courses.edges[0]!.node;
  const labels = (await student.graphql(drawing, { courseId: found.id })).assignments.edges[0]!.node.id;
  const set = async (form: { kind: string; [member: string]: unknown }, specification: object): Promise<string> => {
    const input = {
      id: newId(),
      courseId: found.id,
      kind: 'visual-assignment',
      modality: 'drawing',
      language: 'en',
      difficulty: 0,
      minutes: 5,
      skillIds: [found.skills[0]!.id],
      content: { title: 'Draw', body: 'Draw it.', form, key: { kind: form.kind, specification } },
    };
    const { createActivity: activity } = await teacher.graphql(operations.createActivity, { input } as never);
    if (activity.__typename !== 'Activity') throw new Error(JSON.stringify(activity));
    const assignment = { id: newId(), courseId: found.id, activityId: activity.id, title: 'Draw' };
    const { createAssignment } = await teacher.graphql(operations.createAssignment, { input: assignment });
    if (createAssignment.__typename !== 'Assignment') throw new Error(JSON.stringify(createAssignment));
    return createAssignment.id;
  };
  const canvas = { width: 600, height: 700 };
  const plot = await set({ kind: 'strokes', ...canvas }, aPlot(canvas));
  const chart = await set({ kind: 'strokes', ...canvas }, aChart(canvas));
  const photo = await set({ kind: 'picture' }, aDish());
  const { fileId } = await student.files.uploadPicture(await dish(), 'image/jpeg');
  const work = (assignmentId: string, rest: Pick<Work, 'marks'> & Partial<Work>): Work => ({
    id: newId(),
    assignmentId,
    fileId: null,
    at: Date.now(),
    ...rest,
  });
  teacher.close();
  return {
    student,
    works: [
      { kind: 'labelled parts', next: (turn) => work(labels, { marks: labelsOf(turn) }) },
      { kind: 'function plot', next: (turn) => work(plot, { marks: [curve(turn)] }) },
      { kind: 'diagram', next: (turn) => work(chart, { marks: chartOf(turn) }) },
      { kind: 'photo', next: () => work(photo, { marks: [], fileId }) },
    ],
  };
}

/** Twelve labels over the picture; whether they are right makes no difference to the time. */
function labelsOf(turn: number): Work['marks'] {
  const labels = ['cell wall', 'nucleus', 'vacuole', 'cytoplasm', 'chloroplast', 'mitochondrion'];
  return Array.from({ length: 12 }, (_, index) => ({
    id: `mark-${index}`,
    label: labels[(index + turn) % labels.length]!,
    shape: { kind: 'point' as const, x: 60 + index * 55, y: 80 + ((index * 97 + turn * 13) % 440) },
  }));
}

function aPlot({ width, height }: { width: number; height: number }): object {
  const axes = { x: { pixels: [0, width], values: [-2, 2] }, y: { pixels: [height, 0], values: [-1, 4] } };
  const on = [-1.5, 1.5];
  return {
    kind: 'function-plot',
    version: 1,
    canvas: { width, height },
    axes,
    features: [
      { ...criterion, id: 'bowl', label: 'Open upwards', feature: 'curvature', on, direction: 'upwards' },
      { ...criterion, id: 'low', label: 'Lowest at 0', feature: 'extremum', at: [0, 0], extremum: 'minimum' },
      { ...criterion, id: 'through', label: 'Through (1, 1)', feature: 'passes-through', at: [1, 1] },
    ],
  };
}

type Stroke = readonly (readonly [number, number])[];

function strokeOf(id: string, points: Stroke): Work['marks'][number] {
  return { id, label: '', shape: { kind: 'stroke', points: points.map(([x, y]): [number, number] => [x, y]) } };
}

/** A parabola by a hand that trembles. */
function curve(turn: number): Work['marks'][number] {
  const rng = seededRng(`plot-${turn}`);
  const places = Array.from({ length: 160 }, (_, i): [number, number] => {
    const x = -2 + i / 40;
    return [150 * (x + 2), 700 - 140 * (Math.min(4, x * x) + 1) + 4 * (rng() - 0.5)];
  });
  return strokeOf('curve', places);
}

const steps = ['Start', 'Read', 'More?', 'Add', 'Print', 'End'];

function aChart(canvas: object): object {
  return {
    kind: 'diagram',
    version: 1,
    canvas,
    nodes: steps.map((label, at) => ({ ...criterion, id: `n${at}`, type: 'process', label })),
    edges: steps.slice(1).map((_, at) => ({ ...criterion, id: `e${at}`, source: `n${at}`, target: `n${at + 1}` })),
  };
}

/** Six boxes in four strokes each, arrows between them, and what is written in them: by hand, and typed. */
function chartOf(turn: number): Work['marks'] {
  const rng = seededRng(`chart-${turn}`);
  const line = (id: string, [ax, ay]: [number, number], [bx, by]: [number, number]): Work['marks'][number] =>
    strokeOf(
      id,
      Array.from({ length: 30 }, (_, i): [number, number] => [
        ax + ((bx - ax) * i) / 29 + 2 * (rng() - 0.5),
        ay + ((by - ay) * i) / 29 + 2 * (rng() - 0.5),
      ]),
    );
  return steps.flatMap((label, at) => {
    const [left, top, right, bottom] = [200, 20 + 112 * at, 380, 80 + 112 * at];
    const middle = (left + right) / 2;
    const letters = Array.from({ length: 4 }, (_, letter) =>
      line(`l${at}-${letter}`, [left + 30 + 30 * letter, top + 20], [left + 42 + 30 * letter, bottom - 15]),
    );
    const arrow =
      at === 0
        ? []
        : [
            line(`a${at}`, [middle, top - 48], [middle, top - 4]),
            strokeOf(`h${at}`, [[middle - 9, top - 18], [middle, top - 4], [middle + 9, top - 18]]), // prettier-ignore
          ];
    return [
      line(`t${at}`, [left, top], [right, top]),
      line(`r${at}`, [right, top], [right, bottom]),
      line(`b${at}`, [right, bottom], [left, bottom]),
      line(`s${at}`, [left, bottom], [left, top]),
      ...letters,
      ...arrow,
      { id: `w${at}`, label, shape: { kind: 'point' as const, x: middle, y: (top + bottom) / 2 } },
    ];
  });
}

function aDish(): object {
  const criteria = [{ ...criterion, id: 'seeds', label: 'Seeds', measure: 'count', of: 'seeds', low: 23, high: 25 }];
  return { kind: 'lab-photo', version: 1, criteria };
}

/** A photo as a phone takes it, 3,000 × 2,250 pixels: 24 seeds on a table that is lit from one side. */
async function dish(): Promise<Uint8Array<ArrayBuffer>> {
  const [width, height] = [3_000, 2_250];
  const seeds = Array.from({ length: 24 }, (_, at) => {
    const [x, y] = [350 + 460 * (at % 6), 350 + 500 * Math.floor(at / 6)];
    return `<ellipse cx="${x}" cy="${y}" rx="80" ry="62" fill="#4a3320"/>`;
  });
  const light =
    '<linearGradient id="l"><stop offset="0" stop-color="#efe9dc"/><stop offset="1" stop-color="#cfc8b8"/></linearGradient>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${light}</defs><rect width="100%" height="100%" fill="url(#l)"/>${seeds.join('')}</svg>`;
  return new Uint8Array(await sharp(Buffer.from(svg)).jpeg({ quality: 88 }).toBuffer());
}
