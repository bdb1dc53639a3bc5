-- AlterTable
ALTER TABLE "institutions" ADD COLUMN     "watches_presence" BOOLEAN NOT NULL DEFAULT false;

-- A learner may say that an offer rests on a mistake: that is not how she is doing.
ALTER TABLE interventions DROP CONSTRAINT interventions_state_known;
ALTER TABLE interventions ADD CONSTRAINT interventions_state_known
  CHECK (state IN ('offered', 'accepted', 'dismissed', 'contested'));
