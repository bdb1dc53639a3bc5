import type { CourseFolder } from '#libs/learning';

/** The smallest of pictures: one white pixel. */
export const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==',
  'base64',
);

/** Skills of the small course: a chain of three, and one beside it. */
const skills = [
  { externalId: 'counting', name: 'Counting', description: 'Counts things.', prerequisites: [] },
  { externalId: 'adding', name: 'Adding', description: 'Adds numbers.', prerequisites: ['counting'] },
  { externalId: 'multiplying', name: 'Multiplying', description: 'Multiplies numbers.', prerequisites: ['adding'] },
  { externalId: 'shapes', name: 'Shapes', description: 'Names shapes.', prerequisites: [] },
];

/** The answer that is right in every choice exercise of the small course. */
export const rightOption = 'yes';

/** A small course for tests: per skill some exercises and two kinds of explanation, and one drawing to label. */
export function aCourse({ externalId = 'small', exercisesPerSkill = 6 } = {}): CourseFolder {
  const activities = skills.flatMap(({ externalId: skill }) => [
    ...Array.from({ length: exercisesPerSkill }, (_, index) => anExercise(skill, index, exercisesPerSkill)),
    anExplanation(skill, 'explanation', 'text'),
    anExplanation(skill, 'worked-example', 'picture'),
  ]);
  activities.push(aDrawing());
  return {
    course: {
      externalId,
      title: 'A small course',
      description: 'Made for tests.',
      language: 'en',
      masteryThreshold: 0.85,
      licence: 'CC0',
    },
    skills,
    activities: activities.map((head) => ({ file: `${head.externalId}.md`, head, body: `About ${head.title}.` })),
    pictures: [{ name: 'squares.png', bytes: onePixel }],
  };
}

function anExercise(skill: string, index: number, count: number) {
  return {
    externalId: `${skill}-${index}`,
    title: `${skill} ${index}`,
    kind: 'exercise',
    modality: 'text',
    language: 'en',
    difficulty: count === 1 ? 0 : (3 * index) / (count - 1) - 1.5,
    minutes: 1,
    skills: [skill],
    form: {
      kind: 'choice',
      options: [
        { id: 'yes', text: 'Yes' },
        { id: 'no', text: 'No' },
        { id: 'maybe', text: 'Maybe' },
      ],
    },
    key: { kind: 'choice', correct: rightOption },
    hints: ['Think.', 'Look closer.', 'It is not no.'],
    feedback: { right: 'Well done.', wrong: 'Not yet.' },
    misconceptions: [{ id: 'undecided', answer: 'maybe', feedback: 'Decide!' }],
  };
}

function anExplanation(skill: string, kind: string, modality: string) {
  return {
    externalId: `${skill}-${kind}`,
    title: `${skill} explained`,
    kind,
    modality,
    language: 'en',
    difficulty: 0,
    minutes: 2,
    skills: [skill],
    form: { kind: 'none' },
    key: { kind: 'none' },
  };
}

/** Two squares side by side. */
export const drawingParts = [
  {
    id: 'left',
    label: 'left square',
    at: { x: 25, y: 50 },
    polygon: [
      [10, 20],
      [40, 20],
      [40, 80],
      [10, 80],
    ],
  },
  {
    id: 'right',
    label: 'right square',
    at: { x: 75, y: 50 },
    polygon: [
      [60, 20],
      [90, 20],
      [90, 80],
      [60, 80],
    ],
  },
] as const;

/** How the drawing is graded. */
export const aSpecification = {
  kind: 'labelled-parts',
  version: 1,
  image: { width: 100, height: 100 },
  tolerance: 0.03,
  parts: drawingParts.map(({ id, label, polygon }) => ({
    id,
    label,
    synonyms: [] as string[],
    polygons: [polygon],
    points: 1,
    skill: 'shapes',
    hints: { orient: `Where is the ${id}?`, point: `Look to the ${id}.`, show: `It is on the ${id} side.` },
  })),
  confusable: [['left square', 'right square']],
};

function aDrawing() {
  return {
    externalId: 'label-squares',
    title: 'Label the squares',
    kind: 'visual-assignment',
    modality: 'drawing',
    language: 'en',
    difficulty: 0,
    minutes: 5,
    skills: ['shapes'],
    form: { kind: 'marks', image: 'media/squares.png' },
    key: {
      kind: 'marks',
      specification: aSpecification,
    },
  };
}
