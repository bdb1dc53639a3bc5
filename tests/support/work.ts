import sharp from 'sharp';
import { operations, type Operation } from '#libs/client';
import { drawingParts } from './course.js';
import { graphql, newId, type GraphqlAnswer, type TestApi } from './api.js';
import { query } from './postgres-client.js';
import type { Person, School } from './school.js';
import { until } from './until.js';

type PartId = (typeof drawingParts)[number]['id'];

/** A point mark in the middle of a part of the small course's drawing, with the label of the same or another part. */
export function markAt(part: PartId, label: string = labelOf(part)) {
  const { x, y } = drawingParts.find(({ id }) => id === part)!.at;
  return { id: `on-${part}`, label, shape: { kind: 'point' as const, x, y } };
}

export function labelOf(part: PartId): string {
  return drawingParts.find(({ id }) => id === part)!.label;
}

/** Both parts named right. */
export const rightMarks = [markAt('left'), markAt('right')];
/** Each part named as the other. */
export const swappedMarks = [markAt('left', labelOf('right')), markAt('right', labelOf('left'))];
/** One part named right, the other by a word that the key does not know: not sure enough to stand unseen. */
export const unsureMarks = [markAt('left'), markAt('right', 'trapezium')];

/** A picture of the two squares, drawn pixel by pixel. */
export async function drawPicture(width = 200, height = 200): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height * 3, 0xff);
  for (const { polygon } of drawingParts) {
    const [[left, top], , [right, bottom]] = polygon;
    for (let y = (top * height) / 100; y < (bottom * height) / 100; y++) {
      for (let x = (left * width) / 100; x < (right * width) / 100; x++)
        pixels.writeUIntBE(0x3366cc, (y * width + x) * 3, 3);
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Sends a picture as a client would. */
export async function upload(
  url: string,
  token: string | null,
  body: Uint8Array,
  { id = newId(), type = 'image/png' } = {},
): Promise<{ id: string; status: number; answer: Record<string, unknown> }> {
  const response = await fetch(`${url}/uploads/${id}`, {
    method: 'PUT',
    headers: { 'content-type': type, ...(token !== null && { authorization: `Bearer ${token}` }) },
    body: new Uint8Array(body),
  });
  return { id, status: response.status, answer: (await response.json()) as Record<string, unknown> };
}

/** The drawing activity of a school's small course. */
export async function drawingOf(url: string, school: School): Promise<string> {
  const { data, errors } = await graphql(
    url,
    'query ($id: UUID!) { course(id: $id) { activities(kind: "visual-assignment") { edges { node { id } } } } }',
    { token: school.teacher.token, variables: { id: school.courseId } },
  );
  const id: unknown = data?.['course']?.activities?.edges?.[0]?.node?.id;
  if (typeof id !== 'string') throw new Error(`There is no drawing: ${JSON.stringify(errors)}`);
  return id;
}

export const createAssignment = `mutation ($input: CreateAssignmentInput!) { createAssignment(input: $input) {
  __typename ... on Assignment { id activityVersion open stakes title } ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

/** Sets the drawing as an assignment and gives its id. */
export async function setAssignment(
  url: string,
  school: School,
  input: { stakes?: string; release?: string; opensAt?: string; dueAt?: string; anonymous?: boolean } = {},
): Promise<string> {
  const activityId = await drawingOf(url, school);
  const assignment = { id: newId(), courseId: school.courseId, activityId, title: 'Label the squares', ...input };
  const answer = await graphql(url, createAssignment, {
    token: school.teacher.token,
    variables: { input: assignment },
  });
  return outcome(answer, 'createAssignment', 'Assignment')['id'] as string;
}

/** Hands work in and waits until a worker has graded it; gives its id. */
export async function handInSettled(
  { url, database }: TestApi,
  { token }: Pick<Person, 'token'>,
  assignmentId: string,
  marks: readonly object[],
): Promise<string> {
  const input = { id: newId(), assignmentId, marks, at: new Date().toISOString() };
  const answer = await graphql(url, operations.submitWork.document, { token, variables: { input } });
  outcome(answer, 'submitWork', 'SubmittedWork');
  await settled({ database }, [input.id]);
  return input.id;
}

/** Waits until no work of these waits to be graded. */
export async function settled({ database }: Pick<TestApi, 'database'>, ids: readonly string[]): Promise<void> {
  const waiting = `SELECT 1 FROM submissions WHERE id = ANY($1::uuid[]) AND state = 'queued'`;
  await until(async () => (await query(database.ownerUrl, waiting, [ids])).length === 0);
}

/** The value of a mutation that went well, or a test that fails with what came instead. */
export function outcome(answer: GraphqlAnswer, field: string, typename: string): Record<string, unknown> {
  const value = answer.data?.[field] as Record<string, unknown> | undefined;
  if (value?.['__typename'] !== typename) throw new Error(`${field}: ${JSON.stringify(answer)}`);
  return value;
}

/** What an operation of the client library gives: its one field, refused or not; an error fails the test. */
export async function send<Data extends object, Variables extends object>(
  { url }: Pick<TestApi, 'url'>,
  { token }: Pick<Person, 'token'>,
  { document }: Operation<Data, Variables>,
  variables: Variables,
): Promise<Data[keyof Data] & { readonly __typename?: string; readonly code?: string }> {
  const { data, errors } = await graphql(url, document, {
    token,
    variables: { ...variables } as Record<string, unknown>,
  });
  if (errors !== undefined || data === null) throw new Error(JSON.stringify(errors));
  return Object.values(data)[0] as Data[keyof Data] & { readonly __typename?: string; readonly code?: string };
}
