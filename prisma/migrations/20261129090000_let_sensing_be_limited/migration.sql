-- AlterTable
ALTER TABLE "activities" ADD COLUMN "sensing_ceiling" TEXT;

-- AlterTable
ALTER TABLE "courses" ADD COLUMN "sensing_ceiling" TEXT;

-- AlterTable
ALTER TABLE "institutions" ADD COLUMN "biometric_review" TEXT,
ADD COLUMN "kind" TEXT NOT NULL DEFAULT 'unknown',
ADD COLUMN "sensing_ceiling" TEXT;

-- AlterTable
ALTER TABLE "users" ADD COLUMN "sensing_ceiling" TEXT;

ALTER TABLE institutions
  ADD CONSTRAINT institutions_kind_known CHECK (kind IN ('school-district', 'school', 'university', 'company', 'unknown')),
  ADD CONSTRAINT institutions_sensing_ceiling_known CHECK (sensing_ceiling IN ('off', 'behaviour', 'attention', 'affect'));
ALTER TABLE courses
  ADD CONSTRAINT courses_sensing_ceiling_known CHECK (sensing_ceiling IN ('off', 'behaviour', 'attention', 'affect'));
ALTER TABLE activities
  ADD CONSTRAINT activities_sensing_ceiling_known CHECK (sensing_ceiling IN ('off', 'behaviour', 'attention', 'affect'));
ALTER TABLE users
  ADD CONSTRAINT users_sensing_ceiling_known CHECK (sensing_ceiling IN ('off', 'behaviour', 'attention', 'affect'));
