-- CreateTable
CREATE TABLE "engagement_estimates" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "period" TIMESTAMPTZ(3) NOT NULL,
    "pseudonym" UUID NOT NULL,
    "label" TEXT NOT NULL,
    "confidence" REAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "engagement_estimates_pkey" PRIMARY KEY ("institution_id","course_id","period","pseudonym")
);

-- CreateIndex
CREATE INDEX "engagement_estimates_period_idx" ON "engagement_estimates"("period");

ALTER TABLE engagement_estimates ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON engagement_estimates USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON engagement_estimates TO attune_app;
ALTER TABLE engagement_estimates
  ADD CONSTRAINT engagement_estimates_label_known
    CHECK (label IN ('engaged', 'productive-struggle', 'confused', 'guessing', 'distracted', 'away', 'unknown')),
  ADD CONSTRAINT engagement_estimates_confidence_is_share CHECK (confidence BETWEEN 0 AND 1);

-- Old estimates are forgotten everywhere at once.
CREATE FUNCTION attune_prune_estimates(older_than timestamptz) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  WITH gone AS (DELETE FROM engagement_estimates WHERE period < older_than RETURNING 1) SELECT count(*) FROM gone
$$;
REVOKE ALL ON FUNCTION attune_prune_estimates(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_prune_estimates(timestamptz) TO attune_app;
