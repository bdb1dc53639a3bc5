-- What was settled since the queue was read: all of its pages keep the order of the first.
CREATE INDEX "scores_institution_id_scored_at_idx" ON "scores"("institution_id", "scored_at");
