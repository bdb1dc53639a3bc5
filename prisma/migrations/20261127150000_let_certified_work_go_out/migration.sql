-- AlterTable
ALTER TABLE "assignments" ADD COLUMN     "release" TEXT NOT NULL DEFAULT 'teacher';

-- CreateTable
CREATE TABLE "grading_decisions" (
    "institution_id" UUID NOT NULL,
    "score_id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "activity_id" UUID NOT NULL,
    "activity_version" INTEGER NOT NULL,
    "specification_hash" BYTEA NOT NULL,
    "kind" TEXT NOT NULL,
    "grader_name" TEXT NOT NULL,
    "grader_version" INTEGER NOT NULL,
    "model_id" UUID,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "actor" UUID,
    "criteria" JSONB NOT NULL,
    "certifications" JSONB NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "grading_decisions_pkey" PRIMARY KEY ("institution_id","score_id")
);

-- CreateTable
CREATE TABLE "criterion_audits" (
    "institution_id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "criterion_id" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "assignment_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "criterion_type" TEXT NOT NULL,
    "grader_name" TEXT NOT NULL,
    "grader_version" INTEGER NOT NULL,
    "model_id" UUID,
    "points" DOUBLE PRECISION NOT NULL,
    "given" DOUBLE PRECISION NOT NULL,
    "awarded" DOUBLE PRECISION NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "calibrated" DOUBLE PRECISION,
    "is_asked" BOOLEAN NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "criterion_audits_pkey" PRIMARY KEY ("institution_id","submission_id","criterion_id","sequence")
);

-- CreateIndex
CREATE INDEX "grading_decisions_submission_id_idx" ON "grading_decisions"("submission_id");

-- CreateIndex
CREATE INDEX "grading_decisions_course_id_idx" ON "grading_decisions"("course_id");

-- CreateIndex
CREATE INDEX "criterion_audits_criterion_type_grader_name_grader_version__idx" ON "criterion_audits"("criterion_type", "grader_name", "grader_version", "institution_id", "decided_at");

-- CreateIndex
CREATE INDEX "criterion_audits_assignment_id_idx" ON "criterion_audits"("assignment_id");

-- Seen by the institution that they belong to only, and never changed.
ALTER TABLE grading_decisions ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON grading_decisions USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE criterion_audits ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON criterion_audits USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON grading_decisions, criterion_audits TO attune_app;

ALTER TABLE assignments ADD CONSTRAINT assignments_release_known CHECK (release IN ('teacher', 'certified'));
ALTER TABLE grading_decisions
  ADD CONSTRAINT grading_decisions_outcome_known CHECK (outcome IN ('shown', 'deferred', 'released', 'reviewed')),
  ADD CONSTRAINT grading_decisions_reason_known
    CHECK (reason IN ('left-to-teacher', 'flagged', 'uncertified', 'unsure', 'sampled'));

-- Work that counts may be settled by a program whose word is certified.
ALTER TABLE submissions DROP CONSTRAINT submissions_state_known;
ALTER TABLE submissions ADD CONSTRAINT submissions_state_known
  CHECK (state IN ('queued', 'graded', 'needs-review', 'failed', 'certified', 'reviewed'));
