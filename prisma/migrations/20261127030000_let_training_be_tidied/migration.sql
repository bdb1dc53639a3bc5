-- Silent runs are told of once, archives that no run needs are deleted, and so is what learners have withdrawn.

ALTER TABLE "training_runs" ADD COLUMN     "stalled_at" TIMESTAMPTZ(3);

-- An archive that is not in here is given to nobody: it is not known whose works it holds. So it is with those from before;
-- runs that wait for them are prepared anew.
CREATE TABLE "training_archives" (
    "institution_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "learners" UUID[],
    "frozen_at" TIMESTAMPTZ(3),

    CONSTRAINT "training_archives_pkey" PRIMARY KEY ("institution_id","sha256")
);
ALTER TABLE training_archives ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON training_archives USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON training_archives TO attune_app;

-- Runs of all institutions that have become silent, or whose code has expired.
CREATE FUNCTION attune_training_runs_to_tend(silent_since timestamptz, present timestamptz)
RETURNS TABLE (institution_id uuid, run_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT r.institution_id, r.id FROM training_runs r
  WHERE (r.state = 'running' AND r.heard_at < silent_since AND (r.stalled_at IS NULL OR r.cancelled_at IS NOT NULL))
     OR (r.state = 'waiting' AND r.code_expires_at <= present)
$$;

-- Institutions in which there may be images or archives to delete.
CREATE FUNCTION attune_institutions_that_train() RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
  SELECT institution_id FROM training_datasets UNION SELECT institution_id FROM training_archives
$$;
REVOKE ALL ON FUNCTION attune_training_runs_to_tend(timestamptz, timestamptz), attune_institutions_that_train() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_training_runs_to_tend(timestamptz, timestamptz), attune_institutions_that_train() TO attune_app;
