-- CreateTable
CREATE TABLE "submission_files" (
    "institution_id" UUID NOT NULL,
    "submission_id" UUID NOT NULL,
    "position" SMALLINT NOT NULL,
    "file_id" UUID NOT NULL,

    CONSTRAINT "submission_files_pkey" PRIMARY KEY ("institution_id","submission_id","position")
);

-- CreateIndex
CREATE INDEX "submission_files_institution_id_file_id_idx" ON "submission_files"("institution_id", "file_id");

-- CreateIndex
CREATE UNIQUE INDEX "submission_files_institution_id_submission_id_file_id_key" ON "submission_files"("institution_id", "submission_id", "file_id");

-- AddForeignKey
ALTER TABLE "submission_files" ADD CONSTRAINT "submission_files_institution_id_submission_id_fkey" FOREIGN KEY ("institution_id", "submission_id") REFERENCES "submissions"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "submission_files" ADD CONSTRAINT "submission_files_institution_id_file_id_fkey" FOREIGN KEY ("institution_id", "file_id") REFERENCES "files"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Files of works are only ever added.
ALTER TABLE submission_files ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON submission_files USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT ON submission_files TO attune_app;
ALTER TABLE submission_files ADD CONSTRAINT submission_files_position_check CHECK (position BETWEEN 1 AND 8);

INSERT INTO submission_files (institution_id, submission_id, position, file_id)
SELECT institution_id, id, 1, file_id FROM submissions WHERE file_id IS NOT NULL;

-- The version before knows the first file only, and writes it beside the work.
CREATE FUNCTION attune_note_first_file() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO submission_files (institution_id, submission_id, position, file_id)
  VALUES (NEW.institution_id, NEW.id, 1, NEW.file_id);
  RETURN NULL;
END $$;
CREATE TRIGGER first_file AFTER INSERT ON submissions
FOR EACH ROW WHEN (NEW.file_id IS NOT NULL) EXECUTE FUNCTION attune_note_first_file();
