-- Help is offered against boredom and distraction as well.
ALTER TABLE interventions DROP CONSTRAINT interventions_trigger_known;
ALTER TABLE interventions ADD CONSTRAINT interventions_trigger_known
  CHECK (trigger IN ('confused', 'guessing', 'struggling', 'asked-for-help', 'distracted', 'bored'));
