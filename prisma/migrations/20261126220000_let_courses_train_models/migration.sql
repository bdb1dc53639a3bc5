-- CreateTable
CREATE TABLE "training_datasets" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL,
    "consent_basis" TEXT NOT NULL,
    "licence" TEXT NOT NULL,
    "is_synthetic" BOOLEAN NOT NULL,
    "split_by" TEXT NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "training_datasets_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "labelled_images" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "label" TEXT NOT NULL,
    "subject" TEXT,
    "attributes" JSONB NOT NULL,
    "submission_id" UUID,
    "labelled_by" UUID NOT NULL,
    "labelled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "labelled_images_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "training_runs" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "backbone" TEXT NOT NULL,
    "weights" JSONB NOT NULL,
    "abstain_below" DOUBLE PRECISION,
    "numbers" JSONB NOT NULL,
    "state" TEXT NOT NULL,
    "failure" TEXT,
    "dataset" JSONB,
    "code_hash" BYTEA NOT NULL,
    "code_expires_at" TIMESTAMPTZ(3) NOT NULL,
    "token_hash" BYTEA,
    "heard_at" TIMESTAMPTZ(3),
    "cancelled_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "model_id" UUID,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "training_runs_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "training_progress" (
    "institution_id" UUID NOT NULL,
    "run_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "phase" TEXT NOT NULL,
    "epoch" INTEGER NOT NULL,
    "epochs" INTEGER NOT NULL,
    "metrics" JSONB NOT NULL,
    "message" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "training_progress_pkey" PRIMARY KEY ("institution_id","run_id","sequence")
);

-- CreateIndex
CREATE INDEX "training_datasets_course_id_created_at_idx" ON "training_datasets"("course_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "labelled_images_institution_id_dataset_id_sha256_key" ON "labelled_images"("institution_id", "dataset_id", "sha256");

-- CreateIndex
CREATE UNIQUE INDEX "labelled_images_institution_id_dataset_id_submission_id_key" ON "labelled_images"("institution_id", "dataset_id", "submission_id");

-- CreateIndex
CREATE UNIQUE INDEX "training_runs_institution_id_code_hash_key" ON "training_runs"("institution_id", "code_hash");

-- CreateIndex
CREATE INDEX "training_runs_code_hash_idx" ON "training_runs"("code_hash");

-- CreateIndex
CREATE INDEX "training_runs_course_id_created_at_idx" ON "training_runs"("course_id", "created_at");

-- CreateIndex
CREATE INDEX "training_runs_state_idx" ON "training_runs"("state");

-- AddForeignKey
ALTER TABLE "training_datasets" ADD CONSTRAINT "training_datasets_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "labelled_images" ADD CONSTRAINT "labelled_images_institution_id_dataset_id_fkey" FOREIGN KEY ("institution_id", "dataset_id") REFERENCES "training_datasets"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_runs" ADD CONSTRAINT "training_runs_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_runs" ADD CONSTRAINT "training_runs_institution_id_dataset_id_fkey" FOREIGN KEY ("institution_id", "dataset_id") REFERENCES "training_datasets"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "training_progress" ADD CONSTRAINT "training_progress_institution_id_run_id_fkey" FOREIGN KEY ("institution_id", "run_id") REFERENCES "training_runs"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seen by the institution that they belong to only.
ALTER TABLE training_datasets ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON training_datasets USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE labelled_images ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON labelled_images USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE training_runs ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON training_runs USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE training_progress ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON training_progress USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON training_datasets, labelled_images, training_runs TO attune_app;
-- What a run told stays as it was told.
GRANT SELECT, INSERT ON training_progress TO attune_app;

-- Whoever has a code says no institution: this tells where to look, and nothing else.
CREATE FUNCTION attune_find_training_run(wanted_code_hash bytea) RETURNS TABLE (institution_id uuid, run_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT r.institution_id, r.id FROM training_runs r WHERE r.code_hash = wanted_code_hash $$;
REVOKE ALL ON FUNCTION attune_find_training_run(bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_find_training_run(bytea) TO attune_app;

ALTER TABLE training_datasets
  ADD CONSTRAINT training_datasets_consent_basis_known
    CHECK (consent_basis IN ('consent', 'contract', 'public-interest', 'open-licence', 'generated')),
  ADD CONSTRAINT training_datasets_split_by_known
    CHECK (split_by IN ('subject', 'student', 'source', 'image'));
ALTER TABLE training_runs
  ADD CONSTRAINT training_runs_engine_known
    CHECK (engine IN ('keras-jax', 'keras-tf', 'torch-xla', 'node')),
  ADD CONSTRAINT training_runs_state_known
    CHECK (state IN ('preparing', 'waiting', 'running', 'done', 'failed', 'cancelled', 'expired'));
ALTER TABLE training_progress
  ADD CONSTRAINT training_progress_phase_known
    CHECK (phase IN ('preparing', 'head', 'all', 'evaluating', 'exporting', 'uploading', 'done', 'failed'));
