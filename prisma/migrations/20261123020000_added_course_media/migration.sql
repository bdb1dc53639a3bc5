-- CreateTable
CREATE TABLE "course_media" (
    "institution_id" UUID NOT NULL,
    "course_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "media_type" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,
    "stored_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "course_media_pkey" PRIMARY KEY ("institution_id","course_id","name")
);

-- AddForeignKey
ALTER TABLE "course_media" ADD CONSTRAINT "course_media_institution_id_course_id_fkey" FOREIGN KEY ("institution_id", "course_id") REFERENCES "courses"("institution_id", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Seen by the institution that it belongs to only.
ALTER TABLE course_media ENABLE ROW LEVEL SECURITY;
CREATE POLICY isolation ON course_media
  USING (institution_id = attune_institution()) WITH CHECK (institution_id = attune_institution());
GRANT SELECT, INSERT, UPDATE, DELETE ON course_media TO attune_app;

-- Pictures are compressed already: not compressing them again saves the time.
ALTER TABLE course_media ALTER COLUMN bytes SET STORAGE EXTERNAL;
