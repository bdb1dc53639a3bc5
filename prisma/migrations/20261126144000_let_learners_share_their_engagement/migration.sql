-- A learner may let her teachers see what is estimated of her engagement.
ALTER TABLE consent_records DROP CONSTRAINT consent_records_purpose_known;
ALTER TABLE consent_records ADD CONSTRAINT consent_records_purpose_known
  CHECK (purpose IN ('behaviour', 'attention', 'affect', 'research', 'engagement-sharing'));
