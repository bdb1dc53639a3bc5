import type { Socket } from 'socket.io-client';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { aCourse, onePixel } from '../support/course.js';
import { readCourseFolder } from '../support/demo-school.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { setAssignment } from '../support/work.js';

const chinese = /[\u4e00-\u9fff]/;

/** The small course, all of it in Chinese as well. */
function aTranslatedCourse() {
  const course = aCourse();
  const activities = course.activities.map((file) => {
    const head = file.head as { externalId: string; form: { kind: string } };
    const { externalId } = head;
    const isExercise = head.form.kind === 'choice';
    const translation = {
      title: `题目 ${externalId}`,
      body: `关于 ${externalId}。`,
      ...(isExercise && {
        hints: ['想一想。', '再看看。', '不是“否”。'],
        options: { yes: '是', no: '否', maybe: '也许' },
        feedback: { right: '做得好。', wrong: '还不对。' },
        misconceptions: { undecided: '请决定！' },
      }),
      ...(!isExercise && { media: { 'media/one.png': { alternativeText: '一张图', caption: '图一' } } }),
    };
    const media = isExercise ? [] : [{ src: 'media/one.png', alternativeText: 'a picture', caption: 'One' }];
    return { ...file, head: { ...head, media, translations: { 'zh-CN': translation } } };
  });
  return { ...course, activities, pictures: [...course.pictures!, { name: 'one.png', bytes: onePixel }] };
}

/** What a learner who reads Chinese gets in a course that was written in English. */
describe('a learner’s language', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;
  let sessionId: string;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'chinese-school', aTranslatedCourse());
    learner = await school.join('student', 'learner');
    await speaks(learner, 'zh-CN');
    socket = await connect(api.url, '/learn', learner.token);
    sessionId = newId();
  }, 60_000);
  afterAll(async () => {
    socket?.close();
    await api?.close();
  });

  async function speaks({ id }: Person, language: string): Promise<void> {
    const { data } = await graphql(
      api.url,
      'mutation ($input: SetAccommodationsInput!) { setAccommodations(input: $input) { ... on Accommodations { language } } }',
      { token: school.teacher.token, variables: { input: { learnerId: id, language } } },
    );
    expect(data!['setAccommodations']).toEqual({ language });
  }
  const activityOf = async (externalId: string): Promise<string> => {
    const sql = 'SELECT id FROM activities WHERE external_id = $1 AND institution_id = $2';
    const [row] = await query<{ id: string }>(api.database.ownerUrl, sql, [externalId, school.institutionId]);
    return row!.id;
  };
  const responding = async (externalId: string, option: string) => ({
    id: newId(),
    sessionId,
    activityId: await activityOf(externalId),
    activityVersion: 1,
    answer: { kind: 'choice', option } as const,
    durationMs: 20_000,
    at: Date.now(),
  });

  it('is spoken in recommendations, by socket and by GraphQL', async () => {
    const opening = { id: sessionId, courseId: school.courseId, at: Date.now() };
    const { recommended } = await mustAsk(socket, '/learn', 'session.open', opening);
    const { activity, because } = recommended!;
    expect(activity).toMatchObject({
      language: 'zh-CN',
      title: expect.stringMatching(/^题目/),
      body: expect.stringMatching(/^关于/),
    });
    expect(because).toMatch(chinese);
    const { data } = await graphql(
      api.url,
      `
        query ($id: UUID!) {
          nextActivity(sessionId: $id) {
            because
            activity {
              language
              title
              body
              media {
                alternativeText
                caption
              }
              form {
                options {
                  text
                }
              }
            }
          }
        }
      `,
      { token: learner.token, variables: { id: sessionId } },
    );
    const { because: told, activity: shown } = data!['nextActivity'];
    expect(told).toBe(because);
    expect(shown).toMatchObject({ language: 'zh-CN', title: activity.title, body: activity.body });
    expect(shown.media.map((medium: object) => ({ src: 'media/one.png', ...medium }))).toEqual(activity.media);
  });

  it('is spoken in options, hints and feedback', async () => {
    const wrong = await mustAsk(socket, '/learn', 'response.record', await responding('counting-0', 'no'));
    expect(wrong).toMatchObject({ feedback: '还不对。', recommended: { activity: { language: 'zh-CN' } } });
    const right = await mustAsk(socket, '/learn', 'response.record', await responding('counting-1', 'yes'));
    expect(right.feedback).toBe('做得好。');
    const known = await responding('counting-3', 'maybe');
    expect((await mustAsk(socket, '/learn', 'response.record', known)).feedback).toBe('请决定！');
    expect((await mustAsk(socket, '/learn', 'response.record', known)).feedback).toBe('请决定！');
    const hinting = { id: newId(), sessionId, activityId: await activityOf('counting-2'), at: Date.now() };
    expect(await mustAsk(socket, '/learn', 'hint.request', hinting)).toMatchObject({ text: '想一想。', steps: 3 });
    const { data } = await graphql(
      api.url,
      'mutation ($input: RequestHintInput!) { requestHint(input: $input) { ... on Hint { text } } }',
      {
        token: learner.token,
        variables: { input: { ...hinting, id: newId(), at: new Date().toISOString() } },
      },
    );
    expect(data!['requestHint']).toEqual({ text: '再看看。' });
    const options = (await mustAsk(socket, '/learn', 'response.record', await responding('shapes-0', 'yes')))
      .recommended!.activity.form;
    if (options.kind === 'choice') expect(options.options.map(({ text }) => text)).toEqual(['是', '否', '也许']);
  });

  it('is spoken in an offer of help, why it is made, and its material', async () => {
    const asking = { id: newId(), sessionId, activityId: await activityOf('counting-2'), at: Date.now() };
    const { offer } = await mustAsk(socket, '/learn', 'interaction.record', { ...asking, kind: 'asked-for-help' });
    expect(offer!.because).toMatch(/^你请求了帮助。/);
    expect(offer!.activity).toMatchObject({
      language: 'zh-CN',
      title: expect.stringMatching(/^题目/),
      media: [{ src: 'media/one.png', alternativeText: '一张图', caption: '图一' }],
    });
    const reaction = { interventionId: offer!.interventionId, reaction: 'accepted' as const, at: Date.now() };
    expect((await mustAsk(socket, '/learn', 'offer.react', reaction)).activity).toEqual(offer!.activity);
    const { data } = await graphql(
      api.url,
      `
        mutation ($id: UUID!, $at: DateTime!) {
          reactToOffer(interventionId: $id, reaction: "accepted", at: $at) {
            ... on Reaction {
              activity {
                title
                language
              }
            }
          }
        }
      `,
      { token: learner.token, variables: { id: offer!.interventionId, at: new Date().toISOString() } },
    );
    expect(data!['reactToOffer'].activity).toEqual({ title: offer!.activity!.title, language: 'zh-CN' });
  });

  it('is spoken in an assignment', async () => {
    const id = await setAssignment(api.url, school);
    const assignment = 'query ($id: UUID!) { assignment(id: $id) { activity { title language } } }';
    const seenBy = async ({ token }: Person) =>
      (await graphql(api.url, assignment, { token, variables: { id } })).data!['assignment'].activity;
    expect(await seenBy(learner)).toEqual({ title: '题目 label-squares', language: 'zh-CN' });
    expect(await seenBy(school.teacher)).toEqual({ title: 'Label the squares', language: 'en' });
  });

  it('is her own before any translation', async () => {
    const mate = await school.join('student', 'learner');
    const other = await connect(api.url, '/learn', mate.token);
    const opening = { id: newId(), courseId: school.courseId, at: Date.now() };
    const { recommended } = await mustAsk(other, '/learn', 'session.open', opening);
    expect(recommended!.activity.language).toBe('en');
    expect(recommended!.because).not.toMatch(chinese);
    other.close();
  });

  it('has an example in the demo course', async () => {
    const folder = await readCourseFolder(join(import.meta.dirname, '../../prisma/seed/cell-biology'));
    const translated = folder.activities.filter(({ head }) => 'translations' in (head as object));
    expect(translated.map(({ file }) => file)).toContain('activities/cell-theory/what-hooke-saw.md');
  });
});
