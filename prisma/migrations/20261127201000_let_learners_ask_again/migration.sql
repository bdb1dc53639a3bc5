-- CreateTable
CREATE TABLE "regrade_requests" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "score_id" UUID NOT NULL,
    "pseudonym" UUID NOT NULL,
    "reason" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "answer" TEXT,
    "answering_score_id" UUID,
    "closed_by" UUID,
    "body_hash" BYTEA NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "regrade_requests_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "regrade_requests_institution_id_score_id_key" ON "regrade_requests"("institution_id", "score_id");

-- CreateIndex
CREATE INDEX "regrade_requests_institution_id_submission_id_idx" ON "regrade_requests"("institution_id", "submission_id");

-- AddForeignKey
ALTER TABLE "regrade_requests" ADD CONSTRAINT "regrade_requests_institution_id_submission_id_fkey" FOREIGN KEY ("institution_id", "submission_id") REFERENCES "submissions"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What was asked is never changed; what came of it is.
ALTER TABLE regrade_requests ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON regrade_requests USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE (state, answer, answering_score_id, closed_by, closed_at) ON regrade_requests TO attune_app;
ALTER TABLE regrade_requests
  ADD CONSTRAINT regrade_requests_state_known CHECK (state IN ('open', 'answered', 'declined'));
