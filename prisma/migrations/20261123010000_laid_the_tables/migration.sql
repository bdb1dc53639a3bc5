-- CreateTable
CREATE TABLE "institutions" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "jurisdiction" TEXT NOT NULL DEFAULT 'unknown',
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "language" TEXT NOT NULL DEFAULT 'en',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "institutions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "users" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT,
    "language" TEXT NOT NULL DEFAULT 'en',
    "roles" TEXT[],
    "password_hash" TEXT,
    "accommodations" JSONB NOT NULL DEFAULT '{}',
    "source" TEXT,
    "external_id" TEXT,
    "disabled_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "users_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "sign_ins" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "refresh_hash" TEXT NOT NULL,
    "previous_refresh_hash" TEXT,
    "rotated_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "sign_ins_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "signing_keys" (
    "id" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "sealed_private" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "signs_until" TIMESTAMPTZ(3) NOT NULL,
    "verifies_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "signing_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" TEXT NOT NULL,
    "window" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key","window")
);

-- CreateTable
CREATE TABLE "courses" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "title" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "mastery_threshold" DOUBLE PRECISION NOT NULL,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "graph_version" INTEGER NOT NULL DEFAULT 0,
    "next_number" INTEGER NOT NULL DEFAULT 1,
    "source" TEXT,
    "external_id" TEXT,
    "archived_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "courses_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "skills" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "source" TEXT,
    "external_id" TEXT,

    CONSTRAINT "skills_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "skill_prerequisites" (
    "institution_id" UUID NOT NULL,
    "skill_id" UUID NOT NULL,
    "prerequisite_id" UUID NOT NULL,

    CONSTRAINT "skill_prerequisites_pkey" PRIMARY KEY ("institution_id","skill_id","prerequisite_id")
);

-- CreateTable
CREATE TABLE "skill_graphs" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "skills" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "skill_graphs_pkey" PRIMARY KEY ("institution_id","course_id","version")
);

-- CreateTable
CREATE TABLE "activities" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "modality" TEXT NOT NULL,
    "language" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "source" TEXT,
    "external_id" TEXT,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "activities_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "activity_skills" (
    "institution_id" UUID NOT NULL,
    "activity_id" UUID NOT NULL,
    "skill_id" UUID NOT NULL,

    CONSTRAINT "activity_skills_pkey" PRIMARY KEY ("institution_id","activity_id","skill_id")
);

-- CreateTable
CREATE TABLE "activity_versions" (
    "institution_id" UUID NOT NULL,
    "activity_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "content" JSONB NOT NULL,
    "content_hash" TEXT NOT NULL,
    "difficulty" DOUBLE PRECISION NOT NULL,
    "minutes" DOUBLE PRECISION NOT NULL,
    "skill_ids" UUID[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "activity_versions_pkey" PRIMARY KEY ("institution_id","activity_id","version")
);

-- CreateTable
CREATE TABLE "enrolments" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" TEXT NOT NULL,
    "joined_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "enrolments_pkey" PRIMARY KEY ("institution_id","course_id","user_id")
);

-- CreateTable
CREATE TABLE "learning_sessions" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "device_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "learning_sessions_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "learner_states" (
    "institution_id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "mastery" TEXT NOT NULL,
    "behaviour" TEXT NOT NULL,
    "exposure" TEXT NOT NULL,
    "decision_id" UUID,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "learner_states_pkey" PRIMARY KEY ("institution_id","learner_id","course_id")
);

-- CreateTable
CREATE TABLE "responses" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "activity_id" UUID NOT NULL,
    "activity_version" INTEGER NOT NULL,
    "decision_id" UUID,
    "answer" JSONB NOT NULL,
    "correct" BOOLEAN,
    "graded_by" TEXT NOT NULL,
    "misconception_id" TEXT,
    "hints_used" INTEGER NOT NULL,
    "duration_ms" INTEGER NOT NULL,
    "predicted" DOUBLE PRECISION,
    "model_snapshot" INTEGER NOT NULL,
    "changes" JSONB NOT NULL,
    "next_decision_id" UUID,
    "body_hash" BYTEA NOT NULL,
    "device_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "responses_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "decisions" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "activity_id" UUID NOT NULL,
    "activity_version" INTEGER NOT NULL,
    "policy_name" TEXT NOT NULL,
    "policy_version" INTEGER NOT NULL,
    "graph_version" INTEGER NOT NULL,
    "seed" TEXT NOT NULL,
    "probability" REAL NOT NULL,
    "reason" JSONB NOT NULL,
    "terms" JSONB NOT NULL,
    "candidates" INTEGER[],
    "probabilities" REAL[],
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "decisions_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "interventions" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "trigger" TEXT NOT NULL,
    "activity_id" UUID NOT NULL,
    "activity_version" INTEGER NOT NULL,
    "reason" JSONB NOT NULL,
    "sequence" INTEGER NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'offered',
    "offered_at" TIMESTAMPTZ(3) NOT NULL,
    "reacted_at" TIMESTAMPTZ(3),

    CONSTRAINT "interventions_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "interactions" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "session_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "activity_id" UUID,
    "step" INTEGER,
    "body_hash" BYTEA NOT NULL,
    "device_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "interactions_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "assignments" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "activity_id" UUID NOT NULL,
    "activity_version" INTEGER NOT NULL,
    "title" TEXT NOT NULL,
    "stakes" TEXT NOT NULL DEFAULT 'practice',
    "opens_at" TIMESTAMPTZ(3),
    "due_at" TIMESTAMPTZ(3),
    "closed_at" TIMESTAMPTZ(3),
    "source" TEXT,
    "external_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "assignments_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "submissions" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "assignment_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "marks" JSONB NOT NULL,
    "file_id" UUID,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "body_hash" BYTEA NOT NULL,
    "device_at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "submissions_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "scores" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "source" TEXT NOT NULL,
    "activity_id" UUID NOT NULL,
    "activity_version" INTEGER NOT NULL,
    "grader_name" TEXT NOT NULL,
    "grader_version" INTEGER NOT NULL,
    "total" DOUBLE PRECISION NOT NULL,
    "maximum" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "criteria" JSONB NOT NULL,
    "extras" JSONB NOT NULL,
    "flags" TEXT[],
    "reviewer_id" UUID,
    "reason" TEXT,
    "body_hash" BYTEA,
    "scored_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scores_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "hint_requests" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "activity_id" UUID NOT NULL,
    "submission_id" UUID,
    "criterion_id" TEXT,
    "step" INTEGER NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "hint_requests_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "files" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "owner_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "files_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "consent_records" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "purpose" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "given_as" TEXT NOT NULL,
    "notice_version" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "recorded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_records_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "actor" UUID NOT NULL,
    "action" TEXT NOT NULL,
    "object_kind" TEXT NOT NULL,
    "object_id" UUID NOT NULL,
    "details" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "event_streams" (
    "institution_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,

    CONSTRAINT "event_streams_pkey" PRIMARY KEY ("institution_id","stream")
);

-- CreateTable
CREATE TABLE "events" (
    "institution_id" UUID NOT NULL,
    "stream" TEXT NOT NULL,
    "sequence" BIGINT NOT NULL,
    "type" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "events_pkey" PRIMARY KEY ("institution_id","stream","sequence")
);

-- CreateTable
CREATE TABLE "socket_io_attachments" (
    "id" BIGSERIAL NOT NULL,
    "created_at" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "payload" BYTEA NOT NULL,

    CONSTRAINT "socket_io_attachments_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "institutions_slug_key" ON "institutions"("slug");

-- CreateIndex
CREATE UNIQUE INDEX "users_institution_id_email_key" ON "users"("institution_id", "email");

-- CreateIndex
CREATE UNIQUE INDEX "users_institution_id_pseudonym_key" ON "users"("institution_id", "pseudonym");

-- CreateIndex
CREATE UNIQUE INDEX "users_institution_id_source_external_id_key" ON "users"("institution_id", "source", "external_id");

-- CreateIndex
CREATE INDEX "sign_ins_institution_id_user_id_idx" ON "sign_ins"("institution_id", "user_id");

-- CreateIndex
CREATE UNIQUE INDEX "courses_institution_id_source_external_id_key" ON "courses"("institution_id", "source", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "skills_institution_id_course_id_source_external_id_key" ON "skills"("institution_id", "course_id", "source", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "activities_institution_id_course_id_number_key" ON "activities"("institution_id", "course_id", "number");

-- CreateIndex
CREATE UNIQUE INDEX "activities_institution_id_course_id_source_external_id_key" ON "activities"("institution_id", "course_id", "source", "external_id");

-- CreateIndex
CREATE INDEX "enrolments_institution_id_user_id_idx" ON "enrolments"("institution_id", "user_id");

-- CreateIndex
CREATE INDEX "learning_sessions_institution_id_learner_id_course_id_idx" ON "learning_sessions"("institution_id", "learner_id", "course_id");

-- CreateIndex
CREATE UNIQUE INDEX "responses_institution_id_pseudonym_course_id_sequence_key" ON "responses"("institution_id", "pseudonym", "course_id", "sequence");

-- CreateIndex
CREATE INDEX "decisions_institution_id_pseudonym_course_id_sequence_idx" ON "decisions"("institution_id", "pseudonym", "course_id", "sequence");

-- CreateIndex
CREATE INDEX "interventions_institution_id_learner_id_course_id_offered_a_idx" ON "interventions"("institution_id", "learner_id", "course_id", "offered_at");

-- CreateIndex
CREATE INDEX "interactions_institution_id_pseudonym_course_id_received_at_idx" ON "interactions"("institution_id", "pseudonym", "course_id", "received_at");

-- CreateIndex
CREATE INDEX "assignments_institution_id_course_id_idx" ON "assignments"("institution_id", "course_id");

-- CreateIndex
CREATE UNIQUE INDEX "assignments_institution_id_source_external_id_key" ON "assignments"("institution_id", "source", "external_id");

-- CreateIndex
CREATE INDEX "submissions_institution_id_course_id_state_received_at_idx" ON "submissions"("institution_id", "course_id", "state", "received_at");

-- CreateIndex
CREATE INDEX "submissions_institution_id_learner_id_received_at_idx" ON "submissions"("institution_id", "learner_id", "received_at");

-- CreateIndex
CREATE UNIQUE INDEX "scores_institution_id_submission_id_sequence_key" ON "scores"("institution_id", "submission_id", "sequence");

-- CreateIndex
CREATE INDEX "hint_requests_institution_id_pseudonym_activity_id_idx" ON "hint_requests"("institution_id", "pseudonym", "activity_id");

-- CreateIndex
CREATE INDEX "consent_records_institution_id_pseudonym_purpose_recorded_a_idx" ON "consent_records"("institution_id", "pseudonym", "purpose", "recorded_at");

-- CreateIndex
CREATE INDEX "audit_events_institution_id_object_kind_object_id_idx" ON "audit_events"("institution_id", "object_kind", "object_id");

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_institution_id_fkey" FOREIGN KEY ("institution_id") REFERENCES "institutions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_institution_id_user_id_fkey" FOREIGN KEY ("institution_id", "user_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "api_keys" ADD CONSTRAINT "api_keys_institution_id_user_id_fkey" FOREIGN KEY ("institution_id", "user_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "courses" ADD CONSTRAINT "courses_institution_id_fkey" FOREIGN KEY ("institution_id") REFERENCES "institutions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "skills" ADD CONSTRAINT "skills_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "skill_prerequisites" ADD CONSTRAINT "skill_prerequisites_institution_id_skill_id_fkey" FOREIGN KEY ("institution_id", "skill_id") REFERENCES "skills"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "skill_prerequisites" ADD CONSTRAINT "skill_prerequisites_institution_id_prerequisite_id_fkey" FOREIGN KEY ("institution_id", "prerequisite_id") REFERENCES "skills"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "skill_graphs" ADD CONSTRAINT "skill_graphs_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activities" ADD CONSTRAINT "activities_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity_skills" ADD CONSTRAINT "activity_skills_institution_id_activity_id_fkey" FOREIGN KEY ("institution_id", "activity_id") REFERENCES "activities"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity_skills" ADD CONSTRAINT "activity_skills_institution_id_skill_id_fkey" FOREIGN KEY ("institution_id", "skill_id") REFERENCES "skills"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "activity_versions" ADD CONSTRAINT "activity_versions_institution_id_activity_id_fkey" FOREIGN KEY ("institution_id", "activity_id") REFERENCES "activities"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "enrolments" ADD CONSTRAINT "enrolments_institution_id_user_id_fkey" FOREIGN KEY ("institution_id", "user_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learning_sessions" ADD CONSTRAINT "learning_sessions_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learning_sessions" ADD CONSTRAINT "learning_sessions_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learner_states" ADD CONSTRAINT "learner_states_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "learner_states" ADD CONSTRAINT "learner_states_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "interventions" ADD CONSTRAINT "interventions_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_institution_id_activity_id_fkey" FOREIGN KEY ("institution_id", "activity_id") REFERENCES "activities"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_institution_id_activity_id_activity_version_fkey" FOREIGN KEY ("institution_id", "activity_id", "activity_version") REFERENCES "activity_versions"("institution_id", "activity_id", "version") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_institution_id_assignment_id_fkey" FOREIGN KEY ("institution_id", "assignment_id") REFERENCES "assignments"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submissions" ADD CONSTRAINT "submissions_institution_id_file_id_fkey" FOREIGN KEY ("institution_id", "file_id") REFERENCES "files"("institution_id", "id") ON DELETE RESTRICT ON UPDATE CASCADE;
