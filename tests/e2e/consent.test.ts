import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { query } from '../support/postgres-client.js';

const refusal = '... on Refusal { code message } ... on InvalidInput { issues { path message } }';
const record = `mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { __typename
  ... on ConsentRecord { id purpose decision givenAs noticeVersion expiresAt recordedAt } ${refusal} } }`;
const list = `query ($id: UUID!, $first: Int = 20, $after: String) { consents(learnerId: $id, first: $first, after: $after) {
  edges { node { id purpose decision } } pageInfo { hasNextPage endCursor } } }`;
const standing = 'query ($id: UUID!) { consentStanding(learnerId: $id) { purpose granted until } }';

describe('consent through GraphQL', () => {
  let api: TestApi;
  let school: School;
  let other: School;
  let learner: Person;

  const run = async (person: Person, operation: string, variables: Record<string, unknown> = {}) => {
    const answer = await graphql(api.url, operation, { token: person.token, variables });
    expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
    return Object.values(answer.data!)[0];
  };
  const aConsent = (more: object = {}) => ({
    id: newId(),
    learnerId: learner.id,
    purpose: 'affect',
    decision: 'granted',
    givenAs: 'student',
    noticeVersion: '2026-11',
    expiresAt: null,
    ...more,
  });
  const granted = async (person: Person, id: string, purpose: string) =>
    (await run(person, standing, { id })).find((one: { purpose: string }) => one.purpose === purpose);

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'consent-school');
    other = await foundSchool(api.app, 'other-school');
  }, 60_000);
  afterAll(() => api?.close());

  it('is a learner’s own to give and to take back', async () => {
    learner = await school.join('student', 'learner');
    expect(await granted(learner, learner.id, 'affect')).toEqual({ purpose: 'affect', granted: false, until: null });
    const input = aConsent({ expiresAt: '2090-01-01T00:00:00.000Z' });
    const first = await run(learner, record, { input });
    expect(first).toMatchObject({ __typename: 'ConsentRecord', id: input.id, expiresAt: '2090-01-01T00:00:00.000Z' });
    expect(await run(learner, record, { input })).toEqual(first);
    expect(await run(learner, record, { input: { ...input, purpose: 'research' } })).toMatchObject({
      code: 'ID_REUSED',
    });
    expect(await granted(learner, learner.id, 'affect')).toMatchObject({
      granted: true,
      until: '2090-01-01T00:00:00.000Z',
    });
    expect(await granted(learner, learner.id, 'research')).toMatchObject({ granted: false });
    await run(learner, record, { input: aConsent({ decision: 'withdrawn' }) });
    expect(await granted(learner, learner.id, 'affect')).toMatchObject({ granted: false });
  });

  it('can be sent many times at once', async () => {
    learner = await school.join('student', 'learner');
    const input = aConsent();
    const answers = await Promise.all(Array.from({ length: 6 }, () => run(learner, record, { input })));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const audits = await query(
      api.database.ownerUrl,
      "SELECT details FROM audit_events WHERE action = 'consent.granted' AND object_id = $1",
      [input.id],
    );
    expect(audits).toEqual([{ details: { purpose: 'affect', givenAs: 'student' } }]);
  });

  it('is recorded for a guardian by an administrator, who alone can lift what the guardian withdrew', async () => {
    learner = await school.join('student', 'learner');
    const guardian = (more: object) => run(school.admin, record, { input: aConsent({ givenAs: 'guardian', ...more }) });
    expect(await guardian({ decision: 'withdrawn' })).toMatchObject({ givenAs: 'guardian' });
    await run(learner, record, { input: aConsent() });
    expect(await granted(school.admin, learner.id, 'affect')).toMatchObject({ granted: false });
    await guardian({});
    expect(await granted(school.admin, learner.id, 'affect')).toMatchObject({ granted: true });
  });

  it('is nobody else’s to give', async () => {
    learner = await school.join('student', 'learner');
    const classmate = await school.join('student', 'learner');
    const refused = (person: Person, more: object) => run(person, record, { input: aConsent(more) });
    expect(await refused(classmate, {})).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(school.teacher, { givenAs: 'guardian' })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(learner, { givenAs: 'guardian' })).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(school.admin, {})).toMatchObject({ code: 'FORBIDDEN' });
    expect(await refused(other.admin, { givenAs: 'guardian' })).toMatchObject({ code: 'NOT_FOUND' });
    expect(await refused(learner, { purpose: 'marketing', noticeVersion: '' })).toMatchObject({
      code: 'INVALID_INPUT',
      issues: [{ path: 'purpose' }, { path: 'noticeVersion' }],
    });
    expect(await refused(learner, { expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await refused(learner, { decision: 'withdrawn', expiresAt: '2090-01-01T00:00:00Z' })).toMatchObject({
      code: 'INVALID_INPUT',
    });
    expect((await run(learner, list, { id: learner.id })).edges).toEqual([]);
  });

  it('is read by the learner and by administrators, page by page, the newest first', async () => {
    learner = await school.join('student', 'learner');
    const ids: string[] = [];
    for (const decision of ['granted', 'withdrawn', 'granted']) {
      const input = aConsent({ decision });
      ids.unshift(input.id);
      await run(learner, record, { input });
    }
    const first = await run(learner, list, { id: learner.id, first: 2 });
    const { endCursor } = first.pageInfo;
    const rest = await run(school.admin, list, { id: learner.id, first: 2, after: endCursor });
    const idsOf = (page: { edges: { node: { id: string } }[] }) => page.edges.map(({ node }) => node.id);
    expect([...idsOf(first), ...idsOf(rest)]).toEqual(ids);
    expect([first.pageInfo.hasNextPage, rest.pageInfo.hasNextPage]).toEqual([true, false]);
    for (const person of [school.teacher, other.admin]) {
      expect(await run(person, list, { id: learner.id })).toBeNull();
      expect(await run(person, standing, { id: learner.id })).toBeNull();
    }
  });
});
