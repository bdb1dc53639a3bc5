-- What handed-in work shows of skills is kept among the responses, of a submission in the place of a session.
ALTER TABLE "responses" ADD COLUMN     "skill_ids" UUID[],
ADD COLUMN     "submission_id" UUID,
ALTER COLUMN "session_id" DROP NOT NULL;

ALTER TABLE responses ADD CONSTRAINT responses_of_session_or_work
  CHECK ((session_id IS NULL) <> (submission_id IS NULL));

-- Work is learnt from once.
CREATE INDEX responses_of_work ON responses (submission_id) WHERE submission_id IS NOT NULL;
