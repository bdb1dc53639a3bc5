-- What is there already gets salts now, and is sealed as it is found.
-- AlterTable
ALTER TABLE "audit_events" ADD COLUMN     "details_hash" TEXT,
ADD COLUMN     "salt" UUID DEFAULT gen_random_uuid(),
ADD COLUMN     "sequence" BIGINT;

-- CreateTable
CREATE TABLE "audit_seals" (
    "institution_id" UUID NOT NULL,
    "number" INTEGER NOT NULL,
    "first_sequence" BIGINT NOT NULL,
    "last_sequence" BIGINT NOT NULL,
    "leaves" BYTEA NOT NULL,
    "previous_hash" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "sealed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_seals_pkey" PRIMARY KEY ("institution_id","number")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_events_institution_id_sequence_key" ON "audit_events"("institution_id", "sequence");

-- AddForeignKey
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_institution_id_first_sequence_fkey" FOREIGN KEY ("institution_id", "first_sequence") REFERENCES "audit_events"("institution_id", "sequence") ON DELETE RESTRICT ON UPDATE RESTRICT;

-- AddForeignKey
ALTER TABLE "audit_seals" ADD CONSTRAINT "audit_seals_institution_id_last_sequence_fkey" FOREIGN KEY ("institution_id", "last_sequence") REFERENCES "audit_events"("institution_id", "sequence") ON DELETE RESTRICT ON UPDATE RESTRICT;

ALTER TABLE audit_seals ADD CONSTRAINT audit_seals_in_order CHECK (number >= 1 AND first_sequence >= 1 AND first_sequence <= last_sequence);
-- Details are there with their salt, or erased with their hash left.
ALTER TABLE audit_events ADD CONSTRAINT audit_events_details_whole
  CHECK ((salt IS NULL) = (details_hash IS NOT NULL) AND (salt IS NOT NULL OR details = '{}'));

-- What waits for a seal.
CREATE INDEX audit_events_unsealed ON audit_events (institution_id, id) WHERE sequence IS NULL;

ALTER TABLE audit_seals ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON audit_seals USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON audit_seals TO attune_app;

-- The application writes events without a number, and numbers them.
REVOKE INSERT ON audit_events FROM attune_app;
GRANT INSERT (institution_id, id, actor, action, object_kind, object_id, details, at), UPDATE (sequence) ON audit_events TO attune_app;

-- Append-only for the owner of the tables as well, unless he takes the triggers away.
CREATE FUNCTION attune_refuse_change() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- An event is numbered once, and details may give way to their hash; nothing else about it changes.
CREATE FUNCTION attune_keep_audit_event() RETURNS trigger LANGUAGE plpgsql
AS $$ BEGIN
  IF (NEW.institution_id, NEW.id, NEW.actor, NEW.action, NEW.object_kind, NEW.object_id, NEW.at)
       IS NOT DISTINCT FROM (OLD.institution_id, OLD.id, OLD.actor, OLD.action, OLD.object_kind, OLD.object_id, OLD.at)
     AND (OLD.sequence IS NULL OR NEW.sequence IS NOT DISTINCT FROM OLD.sequence)
     AND ((NEW.details, NEW.salt, NEW.details_hash) IS NOT DISTINCT FROM (OLD.details, OLD.salt, OLD.details_hash)
          OR (OLD.salt IS NOT NULL AND NEW.salt IS NULL)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'audit_events is append-only' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER keep_event BEFORE UPDATE ON audit_events FOR EACH ROW EXECUTE FUNCTION attune_keep_audit_event();
CREATE TRIGGER refuse_deletion BEFORE DELETE ON audit_events FOR EACH ROW EXECUTE FUNCTION attune_refuse_change();
CREATE TRIGGER refuse_emptying BEFORE TRUNCATE ON audit_events EXECUTE FUNCTION attune_refuse_change();
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON audit_seals FOR EACH ROW EXECUTE FUNCTION attune_refuse_change();
CREATE TRIGGER refuse_emptying BEFORE TRUNCATE ON audit_seals EXECUTE FUNCTION attune_refuse_change();

-- Institutions with events that no seal covers, and since when.
CREATE FUNCTION attune_institutions_to_seal() RETURNS TABLE (institution_id uuid, oldest_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$ SELECT e.institution_id, min(e.at) FROM audit_events e WHERE e.sequence IS NULL GROUP BY e.institution_id $$;
REVOKE ALL ON FUNCTION attune_institutions_to_seal() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attune_institutions_to_seal() TO attune_app;
