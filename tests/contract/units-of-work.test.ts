import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as governance from '#libs/governance';
import * as grading from '#libs/grading';
import * as identity from '#libs/identity';
import * as learning from '#libs/learning';
import * as models from '#libs/models';
import * as training from '#libs/training';
import * as tutoring from '#libs/tutoring';
import { isFailure } from '#libs/kernel';
import { TokenService } from '#libs/security';
import { startTestApi, type TestApi } from '../support/api.js';
import { idsOf, type Ids } from '../support/hostile-ids.js';
import { expectOk } from '../support/school.js';
import { foundSizedSchool } from '../support/sized-school.js';

/** Who asks: somebody who may see what the ids name. */
interface Asker {
  readonly actor: identity.Actor;
  readonly ids: Ids;
}

type UseCase<T> = abstract new (...args: never[]) => T;

/** A call of each method that asks the database; one that is missing does not compile. */
type Calls<T> = {
  readonly [M in keyof T as T[M] extends (actor: identity.Actor, ...args: never[]) => Promise<unknown> ? M : never]: (
    read: T,
    asker: Asker,
  ) => Promise<unknown>;
};

interface Reading {
  readonly useCase: UseCase<object>;
  readonly calls: readonly (readonly [method: string, call: (read: never, asker: Asker) => Promise<unknown>])[];
}

function reading<T extends object>(useCase: UseCase<T>, calls: Calls<T>): Reading {
  // The names of methods are lost in the list; each call was checked against its use case above.
  return { useCase, calls: Object.entries(calls) as unknown as Reading['calls'] };
}

const page = { first: 10, after: null };
const activities = { ...page, kind: null, withArchived: false };

/** Every use case that reads, with a call of each of its methods that finds something. */
const readings: readonly Reading[] = [
  // Nothing is sealed in the school of the test; tests/e2e/audit.test.ts has it find something.
  reading(governance.ReadAuditHead, { execute: (read, { actor }) => read.execute(actor) }),
  reading(governance.ReadConsents, {
    list: (read, { actor, ids }) => read.list(actor, ids['learnerId']!, page),
    standing: (read, { actor, ids }) => read.standing(actor, ids['learnerId']!),
  }),
  reading(governance.ReadSensing, {
    execute: (read, { actor, ids }) =>
      read.execute(actor, { courseId: ids['courseId']!, activityId: ids['activityId']!, learnerId: null }, false),
  }),
  reading(grading.ListSubmissions, {
    execute: (read, { actor, ids }) =>
      read.execute(actor, { courseId: ids['courseId']!, assignmentId: null, learnerId: null }, page),
  }),
  reading(grading.ReadAssignments, {
    list: (read, { actor, ids }) => read.list(actor, ids['courseId']!, page),
    one: (read, { actor, ids }) => read.one(actor, ids['assignmentId']!),
    windowsOf: async (read, { actor, ids }) =>
      read.windowsOf(actor, [expectOk(await read.one(actor, ids['assignmentId']!))]),
    extensionsOf: async (read, { actor, ids }) =>
      read.extensionsOf(actor, [expectOk(await read.one(actor, ids['assignmentId']!))]),
    activitiesOf: async (read, { actor, ids }) =>
      read.activitiesOf(actor, [expectOk(await read.one(actor, ids['assignmentId']!))]),
  }),
  reading(grading.ReadFile, {
    execute: (read, { actor, ids }) => read.execute({ ...actor, userId: ids['learnerId']! }, ids['fileId']!),
    // Reads a folder, where the file of the test has no bytes.
    bytesOf: () => Promise.resolve(null),
  }),
  // Reads a folder, where the works of the test have nothing; tests/e2e/projects.test.ts asks it by its route.
  reading(grading.ReadHandOut, { execute: () => Promise.resolve(null) }),
  // The worker asks it, as the system; tests/e2e/skills-shown.test.ts has it find something.
  reading(grading.ReadSkillsShown, {
    execute: (read, { actor, ids }) =>
      read.execute(identity.dangerousSystemActor(actor.institutionId), ids['submissionId']!),
  }),
  reading(grading.ReadScans, {
    one: (read, { actor, ids }) => read.one(actor, ids['batchId']!),
    ofAssignments: (read, { actor, ids }) =>
      read.ofAssignments(actor, [{ id: ids['assignmentId']!, seenAs: 'teacher' } as grading.AssignmentView], page),
    pagesOf: async (read, { actor, ids }) => read.pagesOf(actor, [expectOk(await read.one(actor, ids['batchId']!))]),
    worksOf: async (read, { actor, ids }) => read.worksOf(actor, [expectOk(await read.one(actor, ids['batchId']!))]),
    withoutPageIn: async (read, { actor, ids }) =>
      read.withoutPageIn(actor, [expectOk(await read.one(actor, ids['batchId']!))]),
    page: (read, { actor, ids }) => read.page(actor, ids['pageId']!),
    // Reads a folder, where the page of the test has no picture.
    bytesOf: () => Promise.resolve(null),
  }),
  reading(grading.ReadSubmission, {
    execute: (read, { actor, ids }) => read.execute(actor, ids['submissionId']!),
    scoresOf: async (read, { actor, ids }) =>
      read.scoresOf(actor, [expectOk(await read.execute(actor, ids['submissionId']!))]),
    regradesOf: async (read, { actor, ids }) =>
      read.regradesOf(actor, [expectOk(await read.execute(actor, ids['submissionId']!))]),
    lookalikesOf: async (read, { actor, ids }) =>
      read.lookalikesOf(actor, [expectOk(await read.execute(actor, ids['submissionId']!))]),
    judgementsOf: async (read, { actor, ids }) =>
      read.judgementsOf(actor, [expectOk(await read.execute(actor, ids['submissionId']!))]),
  }),
  reading(grading.ReadTrust, {
    certifications: (read, { actor, ids }) => read.certifications(actor, ids['courseId']!),
    agreement: (read, { actor, ids }) => read.agreement(actor, ids['assignmentId']!),
    decisionsOf: (read, { actor, ids }) => {
      const submission = { id: ids['submissionId']! } as grading.Submission;
      return read.decisionsOf(actor, [{ submission, seenAs: 'teacher' } as grading.SubmissionView]);
    },
  }),
  reading(grading.ReviewQueue, {
    execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!, page),
    groups: (read, { actor, ids }) => read.groups(actor, ids['courseId']!, page),
  }),
  reading(grading.WatchCourse, { execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!) }),
  reading(models.ListModels, {
    list: (read, { actor, ids }) => read.list(actor, ids['courseId']!, null, page),
    one: (read, { actor, ids }) => read.one(actor, ids['modelId']!),
    transitionsOf: async (read, { actor, ids }) =>
      read.transitionsOf(actor, [expectOk(await read.one(actor, ids['modelId']!))]),
    gatesOf: async (read, { actor, ids }) => read.gatesOf(actor, [expectOk(await read.one(actor, ids['modelId']!))]),
  }),
  reading(training.ListRuns, {
    list: (read, { actor, ids }) => read.list(actor, ids['courseId']!, page),
    one: (read, { actor, ids }) => read.one(actor, ids['trainingRun id']!),
    progressOf: async (read, { actor, ids }) =>
      read.progressOf(actor, [expectOk(await read.one(actor, ids['trainingRun id']!))], 0),
  }),
  reading(training.ListDatasets, {
    list: (read, { actor, ids }) => read.list(actor, ids['courseId']!, page),
    one: (read, { actor, ids }) => read.one(actor, ids['datasetId']!),
    labelsOf: async (read, { actor, ids }) =>
      read.labelsOf(actor, [expectOk(await read.one(actor, ids['datasetId']!))]),
    imagesOf: async (read, { actor, ids }) =>
      read.imagesOf(actor, [expectOk(await read.one(actor, ids['datasetId']!))], page),
    image: (read, { actor, ids }) => read.image(actor, ids['imageIds']!),
    ofRuns: (read, { actor, ids }) =>
      read.ofRuns(actor, [{ runId: ids['trainingRun id']!, digests: ['0'.repeat(64)] }]),
    // Reads a folder, where the image of the test has no bytes.
    bytesOf: () => Promise.resolve(null),
  }),
  reading(training.ListImports, {
    one: (read, { actor, ids }) => read.one(actor, ids['datasetImport id']!),
    importsOf: (read, { actor, ids }) =>
      read.importsOf(actor, [{ id: ids['datasetId']! } as training.TrainingDataset], page),
  }),
  reading(identity.ReadInstitution, { execute: (read, { actor }) => read.execute(actor) }),
  reading(identity.ReadUsers, {
    viewer: (read, { actor }) => read.viewer(actor),
    names: (read, { actor, ids }) => read.names(actor, [ids['learnerId']!]),
    list: (read, { actor }) => read.list(actor, page, { role: null, source: null, externalId: null }),
    find: (read, { actor, ids }) => read.find(actor, ids['learnerId']!),
  }),
  reading(learning.ReadActivities, {
    find: (read, { actor, ids }) => read.find(actor, ids['activityId']!),
    findVersion: (read, { actor, ids }) => read.findVersion(actor, ids['activityId']!, 1),
    forTeachers: (read, { actor, ids }) => read.forTeachers(actor, [ids['courseId']!], activities),
  }),
  reading(learning.ReadCourseMedia, {
    execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!, 'one.png'),
  }),
  reading(learning.ReadCourses, {
    list: (read, { actor }) => read.list(actor, page, { withArchived: false }),
    find: (read, { actor, ids }) => read.find(actor, ids['courseId']!),
    skills: (read, { actor, ids }) => read.skills(actor, [ids['courseId']!]),
    enrolments: (read, { actor, ids }) => read.enrolments(actor, [ids['courseId']!], page),
    ownEnrolments: (read, { actor, ids }) => read.ownEnrolments(actor, [ids['courseId']!]),
  }),
  reading(tutoring.BrowseActivities, {
    execute: (read, { actor, ids }) => read.execute(actor, [ids['courseId']!], { ...page, kind: null, language: null }),
  }),
  reading(tutoring.ReadDecision, {
    execute: (read, { actor, ids }) => read.execute(actor, ids['decision id']!),
    alternatives: (read, { actor, ids }) => read.alternatives(actor, ids['decision id']!, 3),
  }),
  reading(tutoring.ReadClassEngagement, {
    execute: (read, { actor, ids }) =>
      read.execute(actor, ids['courseId']!, new Date(Date.now() - 3_600_000), new Date()),
  }),
  reading(tutoring.ReadCourseControls, { execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!) }),
  reading(tutoring.ReadOffer, { execute: (read, { actor, ids }) => read.execute(actor, ids['interventionId']!) }),
  reading(tutoring.ReadLanguages, { execute: (read, { actor }) => read.execute(actor) }),
  reading(tutoring.ReadMastery, {
    execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!, ids['learnerId']!),
    history: (read, { actor, ids }) => read.history(actor, ids['courseId']!, ids['learnerId']!, ids['skillId']!),
  }),
  reading(tutoring.ReadPolicies, { execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!) }),
  reading(tutoring.ReadReviews, {
    execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!, ids['learnerId']!),
  }),
  reading(tutoring.ReadSkillMap, { execute: (read, { actor, ids }) => read.execute(actor, ids['courseId']!) }),
  reading(tutoring.ReadSessions, {
    one: (read, { actor, ids }) => read.one(actor, ids['sessionId']!),
    ofLearner: (read, { actor, ids }) => read.ofLearner(actor, ids['courseId']!, ids['learnerId']!, page),
  }),
];

/** Over GraphQL a unit of work is around everything; sockets, routes and jobs have none but what a use case makes. */
describe('use cases that read, outside GraphQL', () => {
  let api: TestApi;
  let admin: Asker;

  beforeAll(async () => {
    api = await startTestApi();
    const school = await foundSizedSchool(api, 'reading-school', 1);
    const tokens = api.app.get(TokenService, { strict: false });
    admin = { actor: expectOk(await tokens.verify(school.admin.token)), ids: await idsOf(api, school) };
  }, 60_000);
  afterAll(() => api?.close());

  const titled = readings.flatMap(({ useCase, calls }) =>
    calls.map(([method, call]) => [`${useCase.name}.${method}`, useCase, call] as const),
  );

  it.each(titled)('%s makes its own unit of work', async (_, useCase, call) => {
    // Nest's types take no abstract class for a token, though it is one.
    const outcome = await call(api.app.get(useCase as never, { strict: false }), admin);
    expect(isFailure(outcome), JSON.stringify(outcome)).toBe(false);
  });

  it('leave out none', () => {
    const exported = [governance, grading, identity, learning, models, tutoring].flatMap((domain) =>
      Object.keys(domain),
    );
    const tried = new Set(readings.map(({ useCase }) => useCase.name));
    const forgotten = exported.filter((name) => /^(Read|List|Browse)[A-Z]/.test(name) && !tried.has(name));
    expect(forgotten, 'call it in `readings`, at the top of this file').toEqual([]);
  });
});
