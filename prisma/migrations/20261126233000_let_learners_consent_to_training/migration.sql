-- Models may learn from the work of those who consent to it.
ALTER TABLE consent_records DROP CONSTRAINT consent_records_purpose_known;
ALTER TABLE consent_records ADD CONSTRAINT consent_records_purpose_known
  CHECK (purpose IN ('behaviour', 'attention', 'affect', 'research', 'engagement-sharing', 'training'));
