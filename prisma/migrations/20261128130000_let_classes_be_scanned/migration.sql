-- AlterTable
ALTER TABLE "submissions" ADD COLUMN     "scanned_by" UUID;

-- CreateTable
CREATE TABLE "scan_batches" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "assignment_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "format" TEXT,
    "match_by" TEXT,
    "pages_per_learner" INTEGER NOT NULL,
    "state" TEXT NOT NULL,
    "found" INTEGER,
    "taken" INTEGER NOT NULL,
    "refused" INTEGER NOT NULL,
    "refusals" JSONB NOT NULL,
    "failure" JSONB,
    "held_at" TIMESTAMPTZ(3),
    "hold_reason" TEXT,
    "created_by" UUID NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "scan_batches_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "scan_pages" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "path" TEXT,
    "sha256" TEXT NOT NULL,
    "came_sha256" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "bytes" INTEGER NOT NULL,
    "width" INTEGER NOT NULL,
    "height" INTEGER NOT NULL,
    "looks" BIGINT[],
    "kind" TEXT NOT NULL,
    "turn" INTEGER NOT NULL DEFAULT 0,
    "position" INTEGER NOT NULL,
    "code" TEXT,
    "proposed_id" UUID,
    "reason" TEXT,
    "confidence" DOUBLE PRECISION,
    "learner_id" UUID,

    CONSTRAINT "scan_pages_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "scan_decisions" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT,
    "pseudonym" UUID NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "scan_decisions_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateTable
CREATE TABLE "scan_works" (
    "institution_id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "batch_id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "published_by" UUID NOT NULL,
    "withdrawn_by" UUID,

    CONSTRAINT "scan_works_pkey" PRIMARY KEY ("institution_id","submission_id")
);

-- CreateIndex
CREATE INDEX "scan_batches_assignment_id_created_at_idx" ON "scan_batches"("assignment_id", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "scan_pages_institution_id_batch_id_number_key" ON "scan_pages"("institution_id", "batch_id", "number");

-- CreateIndex
CREATE INDEX "scan_works_institution_id_batch_id_idx" ON "scan_works"("institution_id", "batch_id");

-- CreateIndex
CREATE UNIQUE INDEX "scan_works_institution_id_published_by_learner_id_key" ON "scan_works"("institution_id", "published_by", "learner_id");

-- AddForeignKey
ALTER TABLE "scan_batches" ADD CONSTRAINT "scan_batches_institution_id_assignment_id_fkey" FOREIGN KEY ("institution_id", "assignment_id") REFERENCES "assignments"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_pages" ADD CONSTRAINT "scan_pages_institution_id_batch_id_fkey" FOREIGN KEY ("institution_id", "batch_id") REFERENCES "scan_batches"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_pages" ADD CONSTRAINT "scan_pages_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_decisions" ADD CONSTRAINT "scan_decisions_institution_id_batch_id_fkey" FOREIGN KEY ("institution_id", "batch_id") REFERENCES "scan_batches"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_works" ADD CONSTRAINT "scan_works_institution_id_batch_id_fkey" FOREIGN KEY ("institution_id", "batch_id") REFERENCES "scan_batches"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_works" ADD CONSTRAINT "scan_works_institution_id_submission_id_fkey" FOREIGN KEY ("institution_id", "submission_id") REFERENCES "submissions"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "scan_works" ADD CONSTRAINT "scan_works_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seen by the institution that they belong to only.
ALTER TABLE scan_batches ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON scan_batches USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON scan_batches TO attune_app;
ALTER TABLE scan_pages ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON scan_pages USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON scan_pages TO attune_app;

-- Decisions are only ever added; of a work it is noted which of them withdrew it.
ALTER TABLE scan_decisions ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON scan_decisions USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON scan_decisions TO attune_app;
ALTER TABLE scan_works ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON scan_works USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE (withdrawn_by) ON scan_works TO attune_app;

ALTER TABLE scan_batches
  ADD CONSTRAINT scan_batches_state_known CHECK (state IN ('waiting', 'reading', 'ready', 'failed')),
  ADD CONSTRAINT scan_batches_format_known CHECK (format IN ('zip', 'pdf')),
  ADD CONSTRAINT scan_batches_match_by_known CHECK (match_by IN ('names', 'order'));
ALTER TABLE scan_pages
  ADD CONSTRAINT scan_pages_kind_known CHECK (kind IN ('work', 'blank', 'cover')),
  ADD CONSTRAINT scan_pages_media_type_known CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp')),
  ADD CONSTRAINT scan_pages_reason_known
    CHECK (reason IN ('code', 'external-id', 'user-name', 'name', 'part-of-name', 'order')),
  ADD CONSTRAINT scan_pages_turn_quarter CHECK (turn IN (0, 90, 180, 270)),
  ADD CONSTRAINT scan_pages_proposal_whole
    CHECK ((proposed_id IS NULL) = (reason IS NULL) AND (reason IS NULL) = (confidence IS NULL)),
  ADD CONSTRAINT scan_pages_only_work_is_somebodys CHECK (kind = 'work' OR learner_id IS NULL);
ALTER TABLE scan_decisions
  ADD CONSTRAINT scan_decisions_kind_known CHECK (kind IN ('publish', 'withdraw'));

-- Work that was handed in for somebody from scans can be withdrawn.
ALTER TABLE submissions DROP CONSTRAINT submissions_state_known;
ALTER TABLE submissions ADD CONSTRAINT submissions_state_known
  CHECK (state IN ('queued', 'graded', 'needs-review', 'failed', 'certified', 'reviewed', 'withdrawn'));
