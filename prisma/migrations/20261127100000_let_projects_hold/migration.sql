-- A dataset gives one test set: with another split, images whose labels are hidden in the one would be told by the other.
CREATE UNIQUE INDEX "test_sets_institution_id_dataset_id_key" ON "test_sets"("institution_id", "dataset_id");

-- What is handed out may be larger than two gigabytes.
ALTER TABLE "test_sets" ALTER COLUMN "hand_out_bytes" SET DATA TYPE BIGINT;

-- Uploads that were never handed in are counted by their owner, and forgotten.
CREATE INDEX "files_institution_id_owner_id_media_type_idx" ON "files"("institution_id", "owner_id", "media_type");
GRANT DELETE ON files TO attune_app;

-- A package that takes more time or memory than it may was an attempt all the same.
ALTER TABLE submissions DROP CONSTRAINT submissions_failure_known;
ALTER TABLE submissions ADD CONSTRAINT submissions_failure_known
  CHECK (failure IN ('specification-invalid', 'marks-invalid', 'grader-crashed', 'gave-up', 'file-missing',
                     'no-model', 'model-failed', 'model-unsure', 'model-unfit', 'test-set-missing', 'package-refused',
                     'package-exhausted'));

-- After each review, the last works that a model has judged are looked at.
CREATE INDEX "model_judgements_model_id_judged_at_idx" ON "model_judgements"("model_id", "judged_at");
