-- AlterTable
ALTER TABLE "files" ALTER COLUMN "width" DROP NOT NULL,
ALTER COLUMN "height" DROP NOT NULL;

-- AlterTable
ALTER TABLE "scores" ADD COLUMN     "report" JSONB;

-- AlterTable
ALTER TABLE "submissions" ADD COLUMN     "failure_detail" TEXT;

-- CreateTable
CREATE TABLE "test_sets" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "dataset_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "seed" INTEGER NOT NULL,
    "labels" TEXT[],
    "examples" JSONB NOT NULL,
    "sha256" TEXT NOT NULL,
    "hand_out_sha256" TEXT NOT NULL,
    "hand_out_bytes" INTEGER NOT NULL,
    "created_by" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "test_sets_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateIndex
CREATE INDEX "test_sets_course_id_created_at_idx" ON "test_sets"("course_id", "created_at");

-- AddForeignKey
ALTER TABLE "test_sets" ADD CONSTRAINT "test_sets_institution_id_dataset_id_fkey" FOREIGN KEY ("institution_id", "dataset_id") REFERENCES "training_datasets"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seen by the institution that they belong to only, and never changed.
ALTER TABLE test_sets ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON test_sets USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON test_sets TO attune_app;

-- A picture has a size; tables of predictions and model packages have none.
ALTER TABLE files DROP CONSTRAINT files_media_type_known;
ALTER TABLE files
  ADD CONSTRAINT files_media_type_known
    CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp', 'text/csv', 'application/zip')),
  ADD CONSTRAINT files_picture_has_size
    CHECK (media_type NOT LIKE 'image/%' OR (width IS NOT NULL AND height IS NOT NULL));

-- Not only pictures can be gone, and a package can be refused.
ALTER TABLE submissions DROP CONSTRAINT submissions_failure_known;
UPDATE submissions SET failure = 'file-missing' WHERE failure = 'picture-missing';
ALTER TABLE submissions ADD CONSTRAINT submissions_failure_known
  CHECK (failure IN ('specification-invalid', 'marks-invalid', 'grader-crashed', 'gave-up', 'file-missing',
                     'no-model', 'model-failed', 'model-unsure', 'model-unfit', 'test-set-missing', 'package-refused'));
