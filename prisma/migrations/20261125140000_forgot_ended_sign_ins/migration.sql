-- Sign-ins that have ended are of no use to anybody, and say when somebody was there.
CREATE FUNCTION attune_prune_sign_ins(ended_before timestamptz) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  WITH gone AS (
    DELETE FROM sign_ins WHERE expires_at < ended_before OR revoked_at < ended_before RETURNING 1
  ) SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION attune_prune_sign_ins(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_prune_sign_ins(timestamptz) TO attune_app;
