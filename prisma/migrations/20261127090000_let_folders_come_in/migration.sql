-- CreateTable
CREATE TABLE "dataset_imports" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "state" TEXT NOT NULL,
    "files" INTEGER,
    "added" INTEGER NOT NULL,
    "relabelled" INTEGER NOT NULL,
    "unchanged" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "refusals" JSONB NOT NULL,
    "failure" JSONB,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "dataset_imports_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateIndex
CREATE INDEX "dataset_imports_dataset_id_created_at_idx" ON "dataset_imports"("dataset_id", "created_at");

-- AddForeignKey
ALTER TABLE "dataset_imports" ADD CONSTRAINT "dataset_imports_institution_id_dataset_id_fkey" FOREIGN KEY ("institution_id", "dataset_id") REFERENCES "training_datasets"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seen by the institution that they belong to only.
ALTER TABLE dataset_imports ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON dataset_imports USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON dataset_imports TO attune_app;

ALTER TABLE dataset_imports
  ADD CONSTRAINT dataset_imports_state_known CHECK (state IN ('waiting', 'importing', 'done', 'failed'));
