import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { courseMediaLimit, StoreCourseMedia } from '#libs/learning';
import { startTestApi, type TestApi } from '../support/api.js';
import { expectOk, foundSchool, type Person, type School } from '../support/school.js';

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const png = (...more: number[]) => new Uint8Array([...signature, ...more]);

/** A picture of so many bytes. */
function bigPng(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  bytes.set(signature);
  return bytes;
}

describe('pictures of a course', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;

  const store = (name: string, bytes: Uint8Array) =>
    api.app
      .get(StoreCourseMedia, { strict: false })
      .execute(dangerousSystemActor(school.institutionId), school.courseId, name, bytes);
  const get = (name: string, person: Person | null, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/courses/${school.courseId}/media/${name}`, {
      headers: { ...headers, ...(person !== null && { authorization: `Bearer ${person.token}` }) },
    });

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'media-school');
    other = await foundSchool(api.app, 'other-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(() => api?.close());

  it('reach those who take part, with headers that let them do nothing else', async () => {
    const { sha256 } = expectOk(await store('cell.png', png(1, 2, 3)));
    const response = await get('cell.png', learner);
    expect(response.status).toBe(200);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(png(1, 2, 3));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
      etag: `"${sha256}"`,
    });
    expect(response.headers.get('vary')?.toLowerCase()).toContain('authorization');
    const again = await get('cell.png', learner, { 'if-none-match': `"${sha256}"` });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('are replaced under the same name', async () => {
    const first = expectOk(await store('leaf.png', png(1)));
    expect(expectOk(await store('leaf.png', png(1)))).toEqual(first);
    const second = expectOk(await store('leaf.png', png(2)));
    expect(second.sha256).not.toBe(first.sha256);
    const response = await get('leaf.png', school.teacher, { 'if-none-match': `"${first.sha256}"` });
    expect(response.status).toBe(200);
  });

  it('are hidden from everybody else', async () => {
    expectOk(await store('root.png', png(1)));
    const stranger = await school.join('student', null);
    for (const [person, name, status, code] of [
      [null, 'root.png', 401, 'UNAUTHENTICATED'],
      [stranger, 'root.png', 404, 'NOT_FOUND'],
      [other.admin, 'root.png', 404, 'NOT_FOUND'],
      [learner, 'none.png', 404, 'NOT_FOUND'],
      [learner, '..%2f..%2fetc%2fpasswd', 404, 'NOT_FOUND'],
      [learner, '%00.png', 404, 'NOT_FOUND'],
    ] as const) {
      const response = await get(name, person);
      expect([response.status, ((await response.json()) as { code: string }).code], name).toEqual([status, code]);
    }
    const badCourse = await fetch(`${api.url}/courses/not-a-course/media/root.png`, {
      headers: { authorization: `Bearer ${learner.token}` },
    });
    expect(badCourse.status).toBe(404);
  });

  it('are pictures, small, and what their names say', async () => {
    const svg = new TextEncoder().encode('<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>');
    for (const [name, bytes, code] of [
      ['cell.svg', svg, 'INVALID_INPUT'],
      ['cell.png', svg, 'UNSUPPORTED_IMAGE'],
      ['cell.jpg', png(1), 'UNSUPPORTED_IMAGE'],
      ['../cell.png', png(1), 'INVALID_INPUT'],
      ['Cell.PNG', png(1), 'INVALID_INPUT'],
      ['big.png', bigPng(courseMediaLimit + 1), 'TOO_LARGE'],
    ] as const) {
      const outcome = await store(name, bytes);
      expect(isFailure(outcome) && outcome.code, name).toBe(code);
    }
    expectOk(await store('largest.png', bigPng(courseMediaLimit)));
    expect((await (await get('largest.png', learner)).arrayBuffer()).byteLength).toBe(courseMediaLimit);
  });
});
