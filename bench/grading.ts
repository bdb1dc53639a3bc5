import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AttuneClient, newId, operation } from '#libs/client';
import { summarise } from './support/measure.js';
import { serve } from './support/served.js';

const count = Number(process.env['COUNT'] ?? 100);

const assignments = operation<{ courses: { edges: { node: { id: string } }[] } }>(
  'query BenchCourses { courses { edges { node { id } } } }',
);
const drawings = operation<{ assignments: { edges: { node: { id: string } }[] } }, { courseId: string }>(
  'query BenchAssignments($courseId: UUID!) { assignments(courseId: $courseId) { edges { node { id } } } }',
);

/**
 * From handing in a drawing of twelve marks to hearing its score, by a learner's socket, one after the other: the
 * queue, a worker in a process of its own, the database and the way back. The promise is 2 s.
 */
const folder = await mkdtemp(join(tmpdir(), 'attune-bench-grading-'));
const served = await serve(join(folder, 'data'));
try {
  const file = await readFile(join(folder, 'data/demo-accounts.json'), 'utf8');
  const { institution, student } = JSON.parse(file) as {
    institution: string;
    student: { email: string; password: string };
  };
  const client = new AttuneClient({ url: served.url });
  await client.signIn({ institution, ...student });
  const courseId = (await client.graphql(assignments)).courses.edges[0]!.node.id;
  const assignmentId = (await client.graphql(drawings, { courseId })).assignments.edges[0]!.node.id;

  const socket = client.learn();
  const waiting = new Map<string, () => void>();
  for (const event of ['score.settled', 'score.deferred'] as const) {
    socket.on(event, ({ submissionId }) => waiting.get(submissionId)?.());
  }
  const durations: number[] = [];
  for (let turn = 0; turn < count; turn++) {
    const id = newId();
    const heard = new Promise<void>((resolve) => waiting.set(id, resolve));
    const started = performance.now();
    await socket.ask('work.submit', { id, assignmentId, marks: marksOf(turn), fileId: null, at: Date.now() });
    await heard;
    durations.push(performance.now() - started);
    waiting.delete(id);
  }
  console.log(`first drawing after the start: ${Math.round(durations[0]!)} ms`);
  console.log(`submission to score, ms: ${JSON.stringify(summarise(durations))}`);
  client.close();
} finally {
  await served.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exit(0);

/** Twelve labels over the picture; whether they are right makes no difference to the time. */
function marksOf(turn: number) {
  const labels = ['cell wall', 'nucleus', 'vacuole', 'cytoplasm', 'chloroplast', 'mitochondrion'];
  return Array.from({ length: 12 }, (_, index) => ({
    id: `mark-${index}`,
    label: labels[(index + turn) % labels.length]!,
    shape: { kind: 'point' as const, x: 60 + index * 55, y: 80 + ((index * 97 + turn * 13) % 440) },
  }));
}
