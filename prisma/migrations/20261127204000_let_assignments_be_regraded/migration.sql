-- CreateTable
CREATE TABLE "regrades" (
    "institution_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "assignment_id" UUID NOT NULL,
    "from_version" INTEGER NOT NULL,
    "to_version" INTEGER NOT NULL,
    "include_reviewed" BOOLEAN NOT NULL,
    "works" INTEGER NOT NULL,
    "pseudonym" UUID NOT NULL,
    "body_hash" BYTEA NOT NULL,
    "decided_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "regrades_pkey" PRIMARY KEY ("institution_id","id")
);

-- CreateIndex
CREATE INDEX "regrades_institution_id_assignment_id_idx" ON "regrades"("institution_id", "assignment_id");

-- CreateIndex
CREATE INDEX "submissions_institution_id_assignment_id_received_at_idx" ON "submissions"("institution_id", "assignment_id", "received_at");

-- AddForeignKey
ALTER TABLE "regrades" ADD CONSTRAINT "regrades_institution_id_assignment_id_fkey" FOREIGN KEY ("institution_id", "assignment_id") REFERENCES "assignments"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Decisions are only ever added.
ALTER TABLE regrades ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON regrades USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON regrades TO attune_app;
