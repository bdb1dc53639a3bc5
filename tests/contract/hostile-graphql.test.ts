import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureCodes } from '#libs/kernel';
import { startTestApi, type GraphqlAnswer, type TestApi } from '../support/api.js';
import {
  rootOperationsOf,
  tooLarge,
  variablesFor,
  withValue,
  wrongValuesFor,
  type Place,
  type RootOperation,
} from '../support/hostile-graphql.js';
import {
  idOf,
  idsOf,
  namesSomething,
  samples,
  samplesFor,
  serviceOf,
  teacherOfAnotherCourse,
  type Ids,
} from '../support/hostile-ids.js';
import { schemaOf } from '../support/schema.js';
import type { Person } from '../support/school.js';
import { forTeachersOnly, foundSizedSchool, type SizedSchool } from '../support/sized-school.js';
import { storedIn } from '../support/stored.js';

/** The only operations that somebody without a token may call. */
const openToAll = ['signIn', 'renewTokens', 'exchangeApiKey'];

/** Operations that name nothing by id, or only by an id that their caller makes. */
const namesNothing = [
  ...openToAll,
  'apiKeys',
  'auditHead',
  'changePassword',
  'courses',
  'createApiKey',
  'createCourse',
  'createUser',
  'institution',
  'setPresenceWatch',
  'signOut',
  'users',
  'viewer',
];

/** What is refused with its own ids, too, because of what else it needs: the words that show that the ids were understood. */
const needsMore: Record<string, string> = {
  createTestSet: 'This dataset has a test set',
  pixelClassifier: 'this has no picture',
};

/** What may be answered to an id of another institution in place of a refusal, each with the reason. */
const harmless: Record<string, string> = {
  'mastery learnerId': 'a learner who is not there has the mastery of one who has not begun',
  'masteryHistory learnerId': 'she has no history either',
  'dueReviews learnerId': 'and nothing to review',
  'labelImages submissionId': 'each image has an outcome of its own, which refuses it',
  'removeLabelledImages imageIds': 'none of the dataset has this id, so none is removed',
  'labelImages fileId': 'each image has an outcome of its own, which refuses it',
  'confirmReviews submissionId': 'each review has an outcome of its own, which refuses it',
  'confirmReviews scoreId': 'each review has an outcome of its own, which refuses it',
  'withdrawReviews submissionId': 'each review has an outcome of its own, which refuses it',
  'withdrawReviews reviewId': 'each review has an outcome of its own, which refuses it',
};

/** What a learner may do in a course where somebody else learns too, each with the reason. */
const openToClassmates: Record<string, string> = {
  assignment: 'it is set for the whole course',
  assignments: 'they are set for the whole course',
  course: 'she takes part in it herself',
  setExperimentParticipation: 'she speaks for herself',
};

/** The same for a teacher who takes no part in the course. */
const openToOtherTeachers: Record<string, string> = {};

describe('hostile GraphQL', () => {
  let api: TestApi;
  let operations: RootOperation[];
  let home: SizedSchool;
  let away: SizedSchool;
  let service: Pick<Person, 'token'>;
  let classmate: Person;
  let otherTeacher: Person;
  let homeIds: Ids;
  let awayIds: Ids;

  const byName = (name: string) => operations.find((operation) => operation.name === name)!;

  beforeAll(async () => {
    api = await startTestApi({ SOCKET_SWEEP_SECONDS: '300' });
    operations = rootOperationsOf(schemaOf(api));
    home = await foundSizedSchool(api, 'home-school', 1);
    away = await foundSizedSchool(api, 'away-school', 1);
    [homeIds, awayIds] = [await idsOf(api, home), await idsOf(api, away)];
    service = await serviceOf(api, home);
    classmate = await home.join('student', 'learner');
    otherTeacher = await teacherOfAnotherCourse(api, home);
  }, 60_000);
  afterAll(() => api?.close());

  /** Sends an operation; numbers that JSON cannot say are put in as they would come over the wire. */
  const send = async (
    operation: RootOperation,
    token: string | undefined,
    variables: object,
  ): Promise<GraphqlAnswer> => {
    const body = JSON.stringify({ query: operation.document, variables }).replaceAll(`"${tooLarge}"`, '1e999');
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body,
    });
    return { status: response.status, ...((await response.json()) as Omit<GraphqlAnswer, 'status'>) };
  };
  const stored = () => storedIn(api.database.ownerUrl);

  it('has operations to be tried', () => {
    expect(operations.length).toBeGreaterThan(30);
    for (const name of namesNothing) expect(byName(name), name).toBeDefined();
  });

  /** What is refused below is refused for what is wrong with it only if it would be right otherwise. */
  it('would be understood with its own ids', async () => {
    const school = await foundSizedSchool(api, 'own-school', 1);
    const ids = await idsOf(api, school);
    // What puts things away comes last.
    const isLast = ({ name }: RootOperation) => Number(/^(archive|close|disable|end|revoke)/.test(name));
    const refused: string[] = [];
    for (const operation of operations.toSorted((a, b) => isLast(a) - isLast(b))) {
      if (namesNothing.includes(operation.name)) continue;
      const own = variablesFor(operation, samplesFor(operation, ids));
      const codes: (string | null)[] = [];
      for (const { token } of [school.learner, school.teacher, school.admin])
        codes.push(codeOf(await send(operation, token, own), operation));
      const needed = needsMore[operation.name];
      if (needed !== undefined) {
        expect(JSON.stringify(await send(operation, school.teacher.token, own)), operation.name).toContain(needed);
      } else if (codes.every((code) => ['INVALID_INPUT', 'NOT_FOUND', 'FORBIDDEN'].includes(code!)))
        refused.push(
          `${operation.name}: ${codes.join(', ')} ${JSON.stringify(await send(operation, school.admin.token, own)).slice(0, 200)}`,
        );
    }
    expect(refused).toEqual([]);
  }, 60_000);

  it('is refused without a token, but for signing in', async () => {
    const before = await stored();
    for (const operation of operations) {
      const answer = await send(operation, undefined, variablesFor(operation, samplesFor(operation, homeIds)));
      if (openToAll.includes(operation.name)) {
        expect(codeOf(answer, operation), operation.name).toBe('WRONG_CREDENTIALS');
        continue;
      }
      expect(codeOf(answer, operation), operation.name).toBe('UNAUTHENTICATED');
      if (answer.data === null) expect(answer.status, operation.name).toBe(401);
    }
    for (const token of ['nonsense', 'e30.e30.e30', `${home.admin.token.slice(0, -3)}xyz`]) {
      for (const operation of operations.filter(({ name }) => !openToAll.includes(name))) {
        const answer = await send(operation, token, variablesFor(operation, samplesFor(operation, homeIds)));
        expect(codeOf(answer, operation), operation.name).toBe('UNAUTHENTICATED');
      }
    }
    expect(await stored()).toEqual(before);
  });

  it('finds nothing of another institution, and changes nothing there', async () => {
    const before = await stored();
    const actors = [home.learner, home.teacher, home.admin, service];
    for (const operation of operations) {
      const named = operation.places.filter((place) => namesSomething(place, operation));
      expect(named.length === 0, `${operation.name} names nothing by id; if so, it stands in namesNothing`).toBe(
        namesNothing.includes(operation.name),
      );
      const own = variablesFor(operation, samplesFor(operation, homeIds));
      for (const place of named) {
        const foreign = idOf(place, operation, awayIds);
        // All ids of the other institution, and this one alone among the own.
        const all = named.reduce((made, one) => withValue(made, one.path, idOf(one, operation, awayIds)), own);
        for (const variables of [withValue(own, place.path, foreign), all]) {
          for (const { token } of actors) {
            const answer = await send(operation, token, variables);
            const what = `${operation.name} ${place.path.join('.')}`;
            expect(JSON.stringify(answer), what).not.toMatch(/away-school/);
            if (`${operation.name} ${place.name}` in harmless) continue;
            expect(isNothing(answer, operation, place), `${what}: ${JSON.stringify(answer).slice(0, 400)}`).toBe(true);
          }
        }
      }
    }
    expect(await stored()).toEqual(before);
  }, 60_000);

  it.each([
    ['a classmate', () => classmate, openToClassmates],
    ['a teacher of another course', () => otherTeacher, openToOtherTeachers],
  ] as const)('gives nothing of somebody else to %s, and changes nothing there', async (_, actorOf, open) => {
    const before = await stored();
    const named = operations.filter(({ name }) => !namesNothing.includes(name));
    const isRefused = async (operation: RootOperation): Promise<boolean> => {
      const answer = await send(operation, actorOf().token, variablesFor(operation, samplesFor(operation, homeIds)));
      return operation.places.some((place) => isNothing(answer, operation, place));
    };
    const answered: string[] = [];
    for (const operation of named.filter(({ name }) => !(name in open))) {
      if (!(await isRefused(operation))) answered.push(operation.name);
    }
    const step = 'refuse them, or say here in the list of what is open why they may be answered';
    expect(answered, step).toEqual([]);
    expect(await stored()).toEqual(before);
    for (const name of Object.keys(open)) expect(await isRefused(byName(name)), `${name} is open`).toBe(false);
  });

  it('shows a learner no key by any query, whatever she asks for', async () => {
    const shown = async (token: string): Promise<string> => {
      const answers = [];
      for (const operation of operations.filter(({ kind }) => kind === 'query'))
        answers.push(await send(operation, token, variablesFor(operation, samplesFor(operation, homeIds))));
      return JSON.stringify(answers);
    };
    expect(await shown(home.teacher.token)).toContain(forTeachersOnly);
    const seen = await shown(home.learner.token);
    expect(seen).toContain('Exercise 0');
    for (const secret of [forTeachersOnly, '"key"', '"correct"', '"specification"']) expect(seen).not.toContain(secret);
  });

  it('shows nothing of another institution where nothing is named', async () => {
    for (const operation of operations) {
      if (operation.kind !== 'query' || !namesNothing.includes(operation.name)) continue;
      const answer = await send(operation, home.admin.token, variablesFor(operation, samples));
      expect(answer.errors, operation.name).toBeUndefined();
      const text = JSON.stringify(answer);
      for (const id of [away.institutionId, ...Object.values(awayIds)]) expect(text, operation.name).not.toContain(id);
    }
  });

  it('gets a typed refusal for every malformed value in every place, and nothing is stored', async () => {
    const before = await stored();
    for (const operation of operations) {
      const right = variablesFor(operation, samplesFor(operation, homeIds));
      for (const place of operation.places) {
        for (const value of wrongValuesFor(place)) {
          const answer = await send(operation, home.admin.token, withValue(right, place.path, value));
          const what = `${operation.name} ${place.path.join('.')} = ${JSON.stringify(value).slice(0, 60)}`;
          const code = codeOf(answer, operation);
          expect(code, `${what}: ${JSON.stringify(answer).slice(0, 300)}`).not.toBeNull();
          expect(Object.keys(failureCodes), what).toContain(code);
          expect(['INTERNAL', 'UNAVAILABLE', 'BUSY'], what).not.toContain(code);
        }
      }
    }
    expect(await stored()).toEqual(before);
  }, 240_000);
});

/** The code of the error or of the refusal; null when the operation succeeded. */
function codeOf(answer: GraphqlAnswer, { name }: RootOperation): string | null {
  return answer.errors?.[0]?.extensions.code ?? (answer.data?.[name] as { code?: string } | null)?.code ?? null;
}

/** Nothing, or a refusal that tells no more than that there is nothing. */
function isNothing(answer: GraphqlAnswer, operation: RootOperation, { name }: Place): boolean {
  const value: unknown = answer.data?.[operation.name];
  const items = (value as { edges?: unknown } | null | undefined)?.edges ?? value;
  if (answer.errors === undefined && (items === null || (Array.isArray(items) && items.length === 0))) return true;
  const code = codeOf(answer, operation);
  // What stands in a list is refused with its place, in the same words whether it is elsewhere or nowhere.
  const isListed =
    ['skillIds', 'prerequisiteIds'].includes(name) ||
    ['setCourseControls', 'correctScanPages'].includes(operation.name);
  return code === 'NOT_FOUND' || code === 'FORBIDDEN' || (isListed && code === 'INVALID_INPUT');
}
