import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { consentDecisions, consentGivers, consentPurposes, institutionKinds, sensingModes } from '#libs/governance';
import {
  decisionOutcomes,
  deferralReasons,
  fileTypes,
  gradingFailures,
  matchReasons,
  regradeStates,
  releases,
  scanDecisionKinds,
  scanFormats,
  scanMatchings,
  scanPageKinds,
  scanStates,
  scoreSources,
  stakes,
  submissionStates,
} from '#libs/grading';
import { roles } from '#libs/identity';
import { engagementLabels } from '#libs/engagement';
import { activityKinds, courseRoles, gradedByValues, modalities, pictureTypes } from '#libs/learning';
import { datasetCardSchema, modelStates, modelTasks } from '#libs/models';
import { interventionTriggers } from '#libs/recommendation';
import { datasetTasks, importStates, progressSchema, runEngines, runStates } from '#libs/training';
import { helpOutcomes, interactionKinds, interventionStates } from '#libs/tutoring';
import { query } from '../support/postgres-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

/** Columns of words, with the domain's list of what may stand in them. */
const sets: Readonly<Record<string, readonly string[]>> = {
  'activities.kind': activityKinds,
  'activities.modality': modalities,
  'activities.sensing_ceiling': sensingModes,
  'assignments.release': releases,
  'assignments.stakes': stakes,
  'consent_records.decision': consentDecisions,
  'consent_records.given_as': consentGivers,
  'consent_records.purpose': consentPurposes,
  'courses.sensing_ceiling': sensingModes,
  'course_media.media_type': pictureTypes,
  'dataset_imports.state': importStates,
  'enrolments.role': courseRoles,
  'engagement_estimates.label': engagementLabels,
  'files.media_type': [...pictureTypes, ...Object.values(fileTypes)],
  'grading_decisions.outcome': decisionOutcomes,
  'grading_decisions.reason': deferralReasons,
  'institutions.kind': institutionKinds,
  'institutions.sensing_ceiling': sensingModes,
  'interactions.kind': interactionKinds,
  'interventions.outcome': helpOutcomes,
  'interventions.state': interventionStates,
  'interventions.trigger': interventionTriggers,
  'model_packages.state': modelStates,
  'model_packages.task': modelTasks,
  'model_transitions.from_state': modelStates,
  'model_transitions.to_state': modelStates,
  'regrade_requests.state': regradeStates,
  'responses.graded_by': gradedByValues,
  'scan_batches.format': scanFormats,
  'scan_batches.match_by': scanMatchings,
  'scan_batches.state': scanStates,
  'scan_decisions.kind': scanDecisionKinds,
  'scan_pages.kind': scanPageKinds,
  'scan_pages.media_type': pictureTypes,
  'scan_pages.reason': matchReasons,
  'scores.source': scoreSources,
  'submissions.failure': gradingFailures,
  'submissions.state': submissionStates,
  'training_datasets.consent_basis': datasetCardSchema.shape.consentBasis.options,
  'training_datasets.split_by': datasetCardSchema.shape.splitBy.options,
  'training_datasets.task': datasetTasks,
  'training_progress.phase': progressSchema.shape.phase.options,
  'training_runs.engine': runEngines,
  'training_runs.state': runStates,
  'training_runs.task': datasetTasks,
  'users.roles': roles,
  'users.sensing_ceiling': sensingModes,
};

describe('closed sets of words', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  it('are the same in the database and in the domain', async () => {
    const checks = await query<{ place: string; definition: string }>(
      database.ownerUrl,
      `SELECT c.conrelid::regclass || '.' || a.attname AS place, pg_get_constraintdef(c.oid) AS definition
       FROM pg_constraint c
       JOIN pg_attribute a ON a.attrelid = c.conrelid AND c.conkey = ARRAY[a.attnum]
       WHERE c.contype = 'c' AND c.connamespace = 'public'::regnamespace AND c.conname LIKE '%\\_known'`,
    );
    const stored = checks.map(({ place, definition }) => [
      place,
      [...definition.matchAll(/'([^']*)'::text/g)].map(([, word]) => word!).sort(),
    ]);
    expect(Object.fromEntries(stored)).toEqual(
      Object.fromEntries(Object.entries(sets).map(([place, words]) => [place, [...words].sort()])),
    );
  });

  it('and an external key is whole or not there', async () => {
    const tables = await query<{ name: string }>(
      database.ownerUrl,
      `SELECT table_name AS name FROM information_schema.columns
       WHERE table_schema = 'public' AND column_name = 'external_id' ORDER BY table_name`,
    );
    const whole = await query<{ name: string; definition: string }>(
      database.ownerUrl,
      `SELECT conrelid::regclass::text AS name, pg_get_constraintdef(oid) AS definition FROM pg_constraint
       WHERE conname LIKE '%\\_external\\_key\\_whole' ORDER BY 1`,
    );
    expect(whole.map(({ name }) => name)).toEqual(tables.map(({ name }) => name));
    for (const { definition } of whole) expect(definition).toBe('CHECK (((source IS NULL) = (external_id IS NULL)))');
  });
});
