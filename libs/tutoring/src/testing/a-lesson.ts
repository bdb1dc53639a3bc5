import { activityContentSchema, readAccommodations, type StoredAccommodations } from '#libs/learning';
import { priorPopulation, StreamedModel } from '#libs/mastery';
import { emptyHelpBandit, noControls } from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from '../model/course-catalogue.js';
import type { LearnerState } from '../model/learner-state.js';
import type { Situation } from '../ports.js';

/** An activity for tests, in English, about one skill. */
export function anActivity(
  number: number,
  skillId: string,
  kind: CatalogueActivity['kind'],
  more: Partial<CatalogueActivity> = {},
): CatalogueActivity {
  const asks = kind === 'exercise';
  return {
    id: `activity-${number}`,
    number,
    version: 1,
    kind,
    modality: kind === 'worked-example' ? 'picture' : 'text',
    language: 'en',
    difficulty: (number % 5) / 2 - 1,
    minutes: 1,
    skillIds: [skillId],
    sensingCeiling: null,
    archived: false,
    content: activityContentSchema.parse({
      title: `Activity ${number}`,
      body: 'Body.',
      form: asks ? { kind: 'text' } : { kind: 'none' },
      key: asks ? { kind: 'text', accepted: ['yes'] } : { kind: 'none' },
      hints: asks ? ['one', 'two', 'three'] : [],
    }),
    ...more,
  };
}

/** A course of two skills for tests, `first` before `second`, each with eight exercises and two pieces of help. */
export function aCatalogue(more: readonly CatalogueActivity[] = []): CourseCatalogue {
  const skills = [
    { id: 'first', number: 101, name: 'First', prerequisiteIds: [] },
    { id: 'second', number: 102, name: 'Second', prerequisiteIds: ['first'] },
  ];
  const activities = skills.flatMap(({ id }, index) => [
    ...Array.from({ length: 8 }, (_, i) => anActivity(index * 10 + i, id, 'exercise')),
    anActivity(index * 10 + 8, id, 'explanation'),
    anActivity(index * 10 + 9, id, 'worked-example'),
  ]);
  activities.push(...more);
  return {
    courseId: 'course',
    revision: 1,
    graphVersion: 1,
    language: 'en',
    masteryThreshold: 0.85,
    skills,
    skillNames: new Map(skills.map(({ id, name }) => [id, name])),
    activities: new Map(activities.map((activity) => [activity.id, activity])),
    controls: noControls(),
    help: { number: 0, bandit: emptyHelpBandit() },
    policies: [],
    plan: null,
    model: new StreamedModel({
      snapshot: 1,
      population: priorPopulation(),
      skillNumbers: new Map(skills.map(({ id, number }) => [id, number])),
      exercises: activities.filter(({ kind }) => kind === 'exercise'),
    }),
  };
}

/** A learner in a session of her own. */
export function aSituation(state: LearnerState, needs: Partial<StoredAccommodations> = {}): Situation {
  return {
    courseId: 'course',
    sessionId: 'session',
    sessionClosed: false,
    openedByService: false,
    learnerId: 'learner',
    pseudonym: 'pseudonym',
    graded: false,
    sensing: {
      ceilings: { institution: null, course: null, learner: null },
      isWithdrawn: false,
      watchesPresence: false,
    },
    optedOut: false,
    hasLeft: false,
    courseRevision: 1,
    modelSnapshot: 1,
    helpNumber: 0,
    timeZone: 'Europe/Berlin',
    state,
    languages: ['en'],
    accommodations: readAccommodations(needs),
  };
}
