-- AlterTable
ALTER TABLE "scores" ADD COLUMN     "withdraws_id" UUID;

-- CreateIndex
CREATE UNIQUE INDEX "scores_institution_id_withdraws_id_key" ON "scores"("institution_id", "withdraws_id");

-- A review can be taken back once, by a score that says so.
ALTER TABLE scores DROP CONSTRAINT scores_source_known;
ALTER TABLE scores
  ADD CONSTRAINT scores_source_known CHECK (source IN ('automatic', 'review', 'withdrawal')),
  ADD CONSTRAINT scores_withdrawal_names_review CHECK ((source = 'withdrawal') = (withdraws_id IS NOT NULL));
