-- Learners are told of what is due for review, once a day for a course.

-- 0 where it was not worked out yet: in the rows that are there, and in those that a version before this one makes. A
-- worker looks at them once, as at all whose day has come, and puts the day there, so nothing has to be rewritten here.
ALTER TABLE learner_states ADD COLUMN next_review_on INTEGER DEFAULT 0;
ALTER TABLE learner_states ADD COLUMN reviews_told_on INTEGER;

-- Who is not due is not read. A response seldom moves the earliest day of all skills, so most updates stay on their page.
CREATE INDEX "learner_states_institution_id_course_id_next_review_on_idx"
  ON learner_states (institution_id, course_id, next_review_on) WHERE next_review_on IS NOT NULL;

-- The earliest day on which a learner of a course is to be looked at, for the courses where it is not after a given one.
-- Days are those of the institution, whose time zone the application knows better than the database.
CREATE FUNCTION attune_courses_to_review(latest_day integer)
RETURNS TABLE (institution_id uuid, course_id uuid, time_zone text, next_review_on integer)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT c.institution_id, c.id, i.time_zone, first.next_review_on FROM courses c
  JOIN institutions i ON i.id = c.institution_id
  CROSS JOIN LATERAL (
    SELECT min(l.next_review_on) AS next_review_on FROM learner_states l
    WHERE l.institution_id = c.institution_id AND l.course_id = c.id
  ) first
  WHERE c.archived_at IS NULL AND first.next_review_on <= latest_day
$$;
REVOKE ALL ON FUNCTION attune_courses_to_review(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_courses_to_review(integer) TO attune_app;
