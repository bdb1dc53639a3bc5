-- AlterTable
ALTER TABLE "scores" ADD COLUMN     "comments" JSONB NOT NULL DEFAULT '[]';
