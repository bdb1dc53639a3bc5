-- Learners are followed by population weights, in numbered snapshots; what is known of them is stored by the numbers of
-- skills and activities, and what they remember beside it.

-- A skill gets its number from a counter of the course, whoever inserts it, and keeps it.
ALTER TABLE courses ADD COLUMN next_skill_number INTEGER NOT NULL DEFAULT 1;
ALTER TABLE skills ADD COLUMN number INTEGER;

WITH numbered AS (
  SELECT s.institution_id, s.id,
    row_number() OVER (PARTITION BY s.institution_id, s.course_id ORDER BY s.position, s.id) AS number
  FROM skills s
)
UPDATE skills s SET number = n.number FROM numbered n WHERE s.institution_id = n.institution_id AND s.id = n.id;

UPDATE courses c SET next_skill_number = 1 +
  (SELECT count(*) FROM skills s WHERE s.institution_id = c.institution_id AND s.course_id = c.id);

CREATE FUNCTION attune_number_skill() RETURNS trigger LANGUAGE plpgsql
AS $$
BEGIN
  IF NEW.number IS NULL THEN
    -- What is there already has one: an upsert must not take another.
    SELECT number INTO NEW.number FROM skills WHERE institution_id = NEW.institution_id AND id = NEW.id;
  END IF;
  IF NEW.number IS NULL THEN
    UPDATE courses SET next_skill_number = next_skill_number + 1
    WHERE institution_id = NEW.institution_id AND id = NEW.course_id
    RETURNING next_skill_number - 1 INTO NEW.number;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER number_skill BEFORE INSERT ON skills FOR EACH ROW EXECUTE FUNCTION attune_number_skill();
ALTER TABLE skills ALTER COLUMN number SET NOT NULL;
CREATE UNIQUE INDEX "skills_institution_id_course_id_number_key" ON "skills"("institution_id", "course_id", "number");

ALTER TABLE courses ADD COLUMN mastery_snapshot INTEGER NOT NULL DEFAULT 1;
ALTER TABLE learner_states ADD COLUMN memory TEXT NOT NULL DEFAULT '';

CREATE TABLE "mastery_snapshots" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "population" BYTEA NOT NULL,
    "optimizer" BYTEA,
    "responses" INTEGER NOT NULL,
    "learnt_until" TIMESTAMPTZ(3) NOT NULL,
    "learnt_by" TEXT NOT NULL CHECK (learnt_by IN ('online', 'fitted')),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "mastery_snapshots_pkey" PRIMARY KEY ("institution_id","course_id","number")
);
ALTER TABLE "mastery_snapshots" ADD CONSTRAINT "mastery_snapshots_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;
ALTER TABLE mastery_snapshots ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON mastery_snapshots USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON mastery_snapshots TO attune_app;

-- Courses of all institutions with so many responses, or so large a share of new ones, since their last snapshot.
CREATE FUNCTION attune_courses_to_learn(new_at_least integer, share double precision)
RETURNS TABLE (institution_id uuid, course_id uuid, responses bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT l.institution_id, l.course_id, l.responses FROM (
    SELECT institution_id, course_id, sum(sequence) AS responses FROM learner_states GROUP BY institution_id, course_id
  ) l
  JOIN courses c ON c.institution_id = l.institution_id AND c.id = l.course_id AND c.archived_at IS NULL
  LEFT JOIN mastery_snapshots s ON s.institution_id = c.institution_id AND s.course_id = c.id AND s.number = c.mastery_snapshot
  WHERE l.responses - coalesce(s.responses, 0) >= greatest(new_at_least, share * coalesce(s.responses, 0))
$$;
REVOKE ALL ON FUNCTION attune_courses_to_learn(integer, double precision) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_courses_to_learn(integer, double precision) TO attune_app;
