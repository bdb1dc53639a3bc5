import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';

/** A picture of one colour. */
const aPicture = (background: string, format: 'png' | 'jpeg' | 'webp' = 'png') =>
  sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .toFormat(format)
    .toBuffer();

/** A picture that no encoder can make small. */
const noise = (side: number) =>
  sharp(randomBytes(side * side * 3), { raw: { width: side, height: side, channels: 3 } })
    .png()
    .toBuffer();

describe('pictures of a course', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;

  const put = async (name: string, bytes: Uint8Array, person: Person | null = school.teacher, type = 'image/png') => {
    const response = await fetch(`${api.url}/courses/${school.courseId}/media/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'content-type': type, ...(person !== null && { authorization: `Bearer ${person.token}` }) },
      body: new Uint8Array(bytes),
    });
    return { status: response.status, answer: (await response.json()) as { sha256: string; code?: string } };
  };
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

  const colours = async (name: string) => {
    const bytes = await (await get(name, learner)).arrayBuffer();
    const { dominant } = await sharp(Buffer.from(bytes)).stats();
    return dominant;
  };
  const stored = () =>
    query(api.database.ownerUrl, 'SELECT course_id, name, sha256 FROM course_media ORDER BY course_id, name');

  it('reach those who take part, with headers that let them do nothing else', async () => {
    const { status, answer } = await put('cell.png', await aPicture('#204080'));
    expect({ status, answer }).toMatchObject({
      status: 200,
      answer: { kind: 'stored', name: 'cell.png', mediaType: 'image/png', width: 8, height: 8 },
    });
    const { sha256 } = answer;
    const response = await get('cell.png', learner);
    expect(response.status).toBe(200);
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

  it('are kept as clean copies, without what a camera has written into them', async () => {
    const photo = await sharp(await aPicture('#204080', 'jpeg'))
      .withExif({ IFD0: { Artist: 'Somebody' } })
      .toBuffer();
    expect(await put('photo.jpg', photo, school.teacher, 'image/jpeg')).toMatchObject({ status: 200 });
    const kept = Buffer.from(await (await get('photo.jpg', learner)).arrayBuffer());
    expect([photo.includes('Somebody'), kept.includes('Somebody')]).toEqual([true, false]);
  });

  it('are replaced under the same name; the same again changes nothing', async () => {
    const [red, blue] = [await aPicture('#c00000'), await aPicture('#0000c0')];
    const first = await put('leaf.png', red);
    expect(await put('leaf.png', red)).toEqual(first);
    const audits = () =>
      query(api.database.ownerUrl, `SELECT 1 FROM audit_events WHERE details ->> 'name' = 'leaf.png'`);
    expect(await audits()).toHaveLength(1);
    const before = await colours('leaf.png');
    const second = await put('leaf.png', blue, school.admin);
    expect(second.answer.sha256).not.toBe(first.answer.sha256);
    expect(await colours('leaf.png')).not.toEqual(before);
    expect(await audits()).toHaveLength(2);
    const response = await get('leaf.png', school.teacher, { 'if-none-match': `"${first.answer.sha256}"` });
    expect(response.status).toBe(200);
  });

  it('are given by those who teach the course, and by nobody else', async () => {
    const picture = await aPicture('#208040');
    const before = await stored();
    for (const [person, status, code] of [
      [null, 401, 'UNAUTHENTICATED'],
      [learner, 403, 'FORBIDDEN'],
      [await school.join('teacher', null), 404, 'NOT_FOUND'],
      [other.teacher, 404, 'NOT_FOUND'],
      [other.admin, 404, 'NOT_FOUND'],
    ] as const)
      expect(await put('stolen.png', picture, person)).toMatchObject({ status, answer: { code } });
    expect(await stored()).toEqual(before);
  });

  it('are hidden from everybody else', async () => {
    await put('root.png', await aPicture('#808080'));
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
    const png = await aPicture('#102030');
    const before = await stored();
    for (const [name, bytes, type, status, code] of [
      ['cell.svg', svg, 'image/svg+xml', 400, 'INVALID_INPUT'],
      ['svg.png', svg, 'image/png', 415, 'UNSUPPORTED_IMAGE'],
      ['text.png', svg, 'text/plain', 415, 'UNSUPPORTED_IMAGE'],
      ['half.png', png.subarray(0, png.length / 2), 'image/png', 415, 'UNSUPPORTED_IMAGE'],
      ['cell.jpg', png, 'image/png', 415, 'UNSUPPORTED_IMAGE'],
      ['../cell.png', png, 'image/png', 400, 'INVALID_INPUT'],
      ['Cell.PNG', png, 'image/png', 400, 'INVALID_INPUT'],
      ['noise.png', await noise(1_200), 'image/png', 413, 'TOO_LARGE'],
      ['big.png', Buffer.alloc(13 * 1024 * 1024, 1), 'image/png', 413, 'TOO_LARGE'],
    ] as const)
      expect(await put(name, bytes, school.teacher, type), name).toMatchObject({ status, answer: { code } });
    expect(await stored()).toEqual(before);
  });
});
