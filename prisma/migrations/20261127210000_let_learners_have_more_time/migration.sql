-- CreateTable
CREATE TABLE "extensions" (
    "institution_id" UUID NOT NULL,
    "assignment_id" UUID NOT NULL,
    "learner_id" UUID NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "granted_by" UUID NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "extensions_pkey" PRIMARY KEY ("institution_id","assignment_id","learner_id")
);

-- AddForeignKey
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_institution_id_assignment_id_fkey" FOREIGN KEY ("institution_id", "assignment_id") REFERENCES "assignments"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "extensions" ADD CONSTRAINT "extensions_institution_id_learner_id_fkey" FOREIGN KEY ("institution_id", "learner_id") REFERENCES "users"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Granted, moved and taken away by teachers; each is in the audit.
ALTER TABLE extensions ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON extensions USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, DELETE, UPDATE (due_at, granted_by, granted_at) ON extensions TO attune_app;
