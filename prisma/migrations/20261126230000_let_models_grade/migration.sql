-- AlterTable
ALTER TABLE "scores" ADD COLUMN     "model_id" UUID;

ALTER TABLE submissions DROP CONSTRAINT submissions_failure_known;
ALTER TABLE submissions ADD CONSTRAINT submissions_failure_known
  CHECK (failure IN ('specification-invalid', 'marks-invalid', 'grader-crashed', 'gave-up', 'picture-missing',
                     'no-model', 'model-failed', 'model-unsure', 'model-unfit'));
