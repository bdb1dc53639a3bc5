-- An offer may be a break, which is no activity. What it was drawn from is kept, and what came of it: its reward.
ALTER TABLE interventions ALTER COLUMN activity_id DROP NOT NULL;
ALTER TABLE interventions ALTER COLUMN activity_version DROP NOT NULL;
ALTER TABLE interventions ADD COLUMN minutes REAL;
ALTER TABLE interventions ADD CONSTRAINT interventions_activity_or_break CHECK (
  (activity_id IS NULL) = (activity_version IS NULL) AND (activity_id IS NULL) = (minutes IS NOT NULL));
ALTER TABLE interventions ADD COLUMN draw JSONB;
ALTER TABLE interventions ADD COLUMN outcome TEXT;
ALTER TABLE interventions ADD COLUMN reward REAL;
ALTER TABLE interventions ADD COLUMN settled_at TIMESTAMPTZ(3);
ALTER TABLE interventions
  ADD CONSTRAINT interventions_outcome_known
  CHECK (outcome IN ('right-after-help', 'wrong-after-help', 'dismissed', 'ignored', 'void')),
  ADD CONSTRAINT interventions_settled CHECK (
    (outcome IS NULL) = (settled_at IS NULL) AND (reward IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'void')
    AND reward BETWEEN 0 AND 1);
CREATE INDEX interventions_unsettled ON interventions (institution_id, course_id) WHERE settled_at IS NULL AND draw IS NOT NULL;

-- How help has done in a course: what the next offers are drawn by.
ALTER TABLE courses ADD COLUMN help_number INTEGER NOT NULL DEFAULT 0;
CREATE TABLE "help_bandits" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "state" JSONB NOT NULL CHECK (jsonb_typeof(state) = 'object'),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "help_bandits_pkey" PRIMARY KEY ("institution_id","course_id")
);
ALTER TABLE "help_bandits" ADD CONSTRAINT "help_bandits_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE help_bandits ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON help_bandits USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE ON help_bandits TO attune_app;

-- Courses of all institutions with offers whose reward is not settled.
CREATE FUNCTION attune_courses_to_settle()
RETURNS TABLE (institution_id uuid, course_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT DISTINCT i.institution_id, i.course_id FROM interventions i WHERE i.settled_at IS NULL AND i.draw IS NOT NULL
$$;
REVOKE ALL ON FUNCTION attune_courses_to_settle() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_courses_to_settle() TO attune_app;
