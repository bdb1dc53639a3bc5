-- CreateTable
CREATE TABLE "model_packages" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "run_id" UUID,
    "name" TEXT,
    "version" INTEGER,
    "task" TEXT,
    "manifest" JSONB,
    "verification" JSONB,
    "refusal" JSONB,
    "uploaded_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_packages_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "model_transitions" (
    "institution_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "from_state" TEXT,
    "to_state" TEXT NOT NULL,
    "actor" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_transitions_pkey" PRIMARY KEY ("institution_id","model_id","sequence")
);

-- CreateTable
CREATE TABLE "model_pointers" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "active_id" UUID,
    "previous_id" UUID,

    CONSTRAINT "model_pointers_pkey" PRIMARY KEY ("institution_id","course_id","name")
);

-- CreateTable
CREATE TABLE "model_judgements" (
    "institution_id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "model_id" UUID NOT NULL,
    "criterion_id" TEXT NOT NULL,
    "label" TEXT,
    "probability" DOUBLE PRECISION,
    "awarded" DOUBLE PRECISION,
    "judged_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_judgements_pkey" PRIMARY KEY ("institution_id","submission_id","model_id","criterion_id")
);

-- CreateIndex
CREATE INDEX "model_packages_course_id_uploaded_at_idx" ON "model_packages"("course_id", "uploaded_at");

-- CreateIndex
CREATE UNIQUE INDEX "model_packages_institution_id_course_id_name_version_key" ON "model_packages"("institution_id", "course_id", "name", "version");

-- CreateIndex
CREATE INDEX "model_judgements_model_id_submission_id_idx" ON "model_judgements"("model_id", "submission_id");

-- AddForeignKey
ALTER TABLE "model_packages" ADD CONSTRAINT "model_packages_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_pointers" ADD CONSTRAINT "model_pointers_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seen by the institution that they belong to only.
ALTER TABLE model_packages ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON model_packages USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE model_transitions ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON model_transitions USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE model_pointers ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON model_pointers USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
ALTER TABLE model_judgements ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON model_judgements USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON model_packages, model_pointers TO attune_app;
-- What happened stays as it happened.
GRANT SELECT, INSERT ON model_transitions, model_judgements TO attune_app;

-- A course has the same bytes once; what was refused may be sent again.
CREATE UNIQUE INDEX model_packages_sha256_once ON model_packages (institution_id, course_id, sha256) WHERE state <> 'refused';

ALTER TABLE model_packages
  ADD CONSTRAINT model_packages_state_known
    CHECK (state IN ('uploaded', 'refused', 'verified', 'candidate', 'shadow', 'active', 'retired')),
  ADD CONSTRAINT model_packages_task_known
    CHECK (task IN ('image-classification', 'object-detection', 'engagement-window')),
  ADD CONSTRAINT model_packages_verified_whole CHECK (
    (state IN ('uploaded', 'refused')) = (manifest IS NULL)
    AND (manifest IS NULL) = (name IS NULL) AND (manifest IS NULL) = (version IS NULL)
    AND (manifest IS NULL) = (task IS NULL) AND (manifest IS NULL) = (verification IS NULL)
    AND (state = 'refused') = (refusal IS NOT NULL)
  );
ALTER TABLE model_transitions
  ADD CONSTRAINT model_transitions_from_state_known
    CHECK (from_state IN ('uploaded', 'refused', 'verified', 'candidate', 'shadow', 'active', 'retired')),
  ADD CONSTRAINT model_transitions_to_state_known
    CHECK (to_state IN ('uploaded', 'refused', 'verified', 'candidate', 'shadow', 'active', 'retired'));
