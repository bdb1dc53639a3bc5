-- The utilities that a recommendation was drawn from, beside its candidates: with them and the seed it can be drawn again.
-- Null in decisions that were made before.
ALTER TABLE "decisions" ADD COLUMN "utilities" DOUBLE PRECISION[];
