-- A trusted service may open a session for a learner. No foreign key: the session outlives the service.
ALTER TABLE "learning_sessions" ADD COLUMN "opened_by" UUID;

-- A resend of a response, interaction or hint finds the offer that followed it.
ALTER TABLE "interventions" ADD COLUMN "cause_id" UUID;

-- When it happened, by the clock of the device. What is there already does not know it.
ALTER TABLE "interventions" ADD COLUMN "device_at" TIMESTAMPTZ(3);
ALTER TABLE "hint_requests" ADD COLUMN "device_at" TIMESTAMPTZ(3);

-- Nothing ever wrote or read it: hints have a table of their own.
ALTER TABLE "interactions" DROP COLUMN "step";
