-- An index with the institution in it serves any look-up by id, by reading all that the institution has. While statistics know of
-- no rows it costs the planner as much as the key, and what is planned then is kept while a class fills the table. Pseudonyms,
-- people and courses have ids that come once only, so the institution adds nothing to them.
DROP INDEX "responses_institution_id_pseudonym_course_id_sequence_key";
DROP INDEX "decisions_institution_id_pseudonym_course_id_sequence_idx";
DROP INDEX "interactions_institution_id_pseudonym_course_id_received_at_idx";
DROP INDEX "hint_requests_institution_id_pseudonym_activity_id_idx";
DROP INDEX "learning_sessions_institution_id_learner_id_course_id_idx";
CREATE UNIQUE INDEX "responses_pseudonym_course_id_sequence_key" ON "responses"("pseudonym", "course_id", "sequence");
CREATE INDEX "decisions_pseudonym_course_id_sequence_idx" ON "decisions"("pseudonym", "course_id", "sequence");
CREATE INDEX "interactions_pseudonym_course_id_received_at_idx" ON "interactions"("pseudonym", "course_id", "received_at");
CREATE INDEX "hint_requests_pseudonym_activity_id_idx" ON "hint_requests"("pseudonym", "activity_id");
CREATE INDEX "learning_sessions_learner_id_course_id_idx" ON "learning_sessions"("learner_id", "course_id");
