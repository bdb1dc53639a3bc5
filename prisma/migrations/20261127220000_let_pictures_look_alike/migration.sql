-- AlterTable
ALTER TABLE "files" ADD COLUMN     "looks" BIGINT[] DEFAULT ARRAY[]::BIGINT[];
