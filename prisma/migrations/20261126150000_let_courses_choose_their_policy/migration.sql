-- Policies as data: what a course changes in one that the code has. A decision cites name and version, so a row stays as it is.
CREATE TABLE "policies" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "name" TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    "version" INTEGER NOT NULL CHECK (version >= 1),
    "base_name" TEXT NOT NULL,
    "base_version" INTEGER NOT NULL,
    "changes" JSONB NOT NULL CHECK (jsonb_typeof(changes) = 'object'),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" UUID NOT NULL,

    CONSTRAINT "policies_pkey" PRIMARY KEY ("institution_id","course_id","name","version")
);
ALTER TABLE "policies" ADD CONSTRAINT "policies_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE policies ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON policies USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON policies TO attune_app;

-- Which of them choose in a course, for what share of its learners; none for the one that chooses by default.
ALTER TABLE courses ADD COLUMN policy_plan JSONB CHECK (jsonb_typeof(policy_plan) = 'object');
-- Who does not want to be part of a comparison, and where chance has no place because it counts.
ALTER TABLE enrolments ADD COLUMN experiments_opted_out_at TIMESTAMPTZ(3);
ALTER TABLE learning_sessions ADD COLUMN graded BOOLEAN NOT NULL DEFAULT false;
