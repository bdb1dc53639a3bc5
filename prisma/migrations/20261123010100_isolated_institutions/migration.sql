-- Row-level security: the application role sees one institution at a time, the one it has entered for the length of
-- the transaction. Nothing entered, nothing seen. The owner of the tables is exempt: it migrates and owns the few
-- SECURITY DEFINER functions that must look across institutions.

-- The institution that this transaction has entered, or null. An unset setting reads '' after its first local use.
CREATE FUNCTION attune_institution() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT NULLIF(current_setting('attune.institution', true), '')::uuid $$;

DO $$
DECLARE
  tenant_table text;
BEGIN
  FOR tenant_table IN
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'institution_id'
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', tenant_table);
    EXECUTE format(
      'CREATE POLICY isolation ON %I USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution())',
      tenant_table);
  END LOOP;
END $$;
ALTER TABLE institutions ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON institutions USING (id = attune_institution()) WITH CHECK (id = attune_institution());

-- Enters an institution until the transaction ends, and tells whether the credential (a sign-in or an API key; null
-- for the system itself) still stands. One round trip serves isolation and revocation.
CREATE FUNCTION attune_enter(institution uuid, credential uuid) RETURNS boolean LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM set_config('attune.institution', institution::text, true);
  IF credential IS NULL THEN
    RETURN true;
  END IF;
  RETURN EXISTS (SELECT FROM sign_ins s WHERE s.institution_id = institution AND s.id = credential
                   AND s.revoked_at IS NULL AND s.expires_at > now())
      OR EXISTS (SELECT FROM api_keys k WHERE k.institution_id = institution AND k.id = credential
                   AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()));
END $$;

-- Gives the next number of a stream and holds its lock until commit, so that numbers become visible in order.
CREATE FUNCTION attune_next_in_stream(institution uuid, stream_name text) RETURNS bigint LANGUAGE sql
AS $$
  INSERT INTO event_streams AS s (institution_id, stream, sequence) VALUES (institution, stream_name, 1)
  ON CONFLICT (institution_id, stream) DO UPDATE SET sequence = s.sequence + 1
  RETURNING sequence
$$;

-- What happens before the institution is known, and what the system does across institutions.
CREATE FUNCTION attune_find_institution(wanted_slug text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT id FROM institutions WHERE slug = wanted_slug $$;

CREATE FUNCTION attune_list_institutions() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$ SELECT id FROM institutions $$;

CREATE FUNCTION attune_prune_events(older_than timestamptz) RETURNS bigint LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  WITH gone AS (DELETE FROM events WHERE at < older_than RETURNING 1) SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION attune_find_institution(text), attune_list_institutions(), attune_prune_events(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_find_institution(text), attune_list_institutions(), attune_prune_events(timestamptz) TO attune_app;

-- What the application role may do. Append-only tables are append-only for it too.
GRANT USAGE ON SCHEMA public TO attune_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON
  institutions, users, sign_ins, api_keys, signing_keys, rate_limits,
  courses, skills, skill_prerequisites, activities, activity_skills, enrolments, learning_sessions,
  learner_states, interventions, assignments, submissions, files, event_streams
TO attune_app;
GRANT SELECT, INSERT, DELETE ON socket_io_attachments TO attune_app;
GRANT USAGE ON SEQUENCE socket_io_attachments_id_seq TO attune_app;
GRANT SELECT, INSERT ON
  skill_graphs, activity_versions, responses, decisions, interactions, scores, hint_requests,
  consent_records, audit_events, events
TO attune_app;

-- Rows that change with every response: room on the page for the next version, and no compression on the way.
ALTER TABLE learner_states SET (fillfactor = 50, toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE event_streams SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE decisions SET (toast_tuple_target = 8160);
ALTER TABLE events SET (toast_tuple_target = 8160);
CREATE INDEX events_at ON events (at);
