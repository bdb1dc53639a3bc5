-- What the teachers of a course have set for choosing, and how often they have set it. Learners are named by pseudonym.
ALTER TABLE courses
  ADD COLUMN controls JSONB CONSTRAINT courses_controls_object CHECK (jsonb_typeof(controls) = 'object'),
  ADD COLUMN controls_version INTEGER NOT NULL DEFAULT 0;
