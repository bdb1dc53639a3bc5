-- What may stand in a column of words. The lists are the domain's own; a test compares the two.

ALTER TABLE users ADD CONSTRAINT users_roles_known
  CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['student', 'teacher', 'admin', 'service']);
ALTER TABLE enrolments ADD CONSTRAINT enrolments_role_known CHECK (role IN ('learner', 'teacher'));

ALTER TABLE activities
  ADD CONSTRAINT activities_kind_known
    CHECK (kind IN ('exercise', 'explanation', 'worked-example', 'video', 'interactive', 'visual-assignment')),
  ADD CONSTRAINT activities_modality_known
    CHECK (modality IN ('text', 'picture', 'audio', 'video', 'interactive', 'drawing'));
ALTER TABLE course_media ADD CONSTRAINT course_media_media_type_known
  CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp'));

ALTER TABLE responses ADD CONSTRAINT responses_graded_by_known CHECK (graded_by IN ('attune', 'client'));
ALTER TABLE interactions ADD CONSTRAINT interactions_kind_known
  CHECK (kind IN ('activity-shown', 'went-idle', 'came-back', 'left-page', 'asked-for-help'));
ALTER TABLE interventions
  ADD CONSTRAINT interventions_trigger_known
    CHECK (trigger IN ('confused', 'guessing', 'struggling', 'asked-for-help')),
  ADD CONSTRAINT interventions_state_known CHECK (state IN ('offered', 'accepted', 'dismissed'));

ALTER TABLE assignments ADD CONSTRAINT assignments_stakes_known CHECK (stakes IN ('practice', 'graded'));
ALTER TABLE submissions
  ADD CONSTRAINT submissions_state_known
    CHECK (state IN ('queued', 'graded', 'needs-review', 'failed', 'reviewed')),
  ADD CONSTRAINT submissions_failure_known
    CHECK (failure IN ('specification-invalid', 'marks-invalid', 'grader-crashed', 'gave-up'));
ALTER TABLE scores ADD CONSTRAINT scores_source_known CHECK (source IN ('automatic', 'review'));
ALTER TABLE files ADD CONSTRAINT files_media_type_known
  CHECK (media_type IN ('image/png', 'image/jpeg', 'image/webp'));

ALTER TABLE consent_records
  ADD CONSTRAINT consent_records_purpose_known CHECK (purpose IN ('behaviour', 'attention', 'affect', 'research')),
  ADD CONSTRAINT consent_records_decision_known CHECK (decision IN ('granted', 'withdrawn')),
  ADD CONSTRAINT consent_records_given_as_known CHECK (given_as IN ('student', 'guardian'));

-- An external key is a source and an id there: both, or neither.
ALTER TABLE users ADD CONSTRAINT users_external_key_whole CHECK ((source IS NULL) = (external_id IS NULL));
ALTER TABLE courses ADD CONSTRAINT courses_external_key_whole CHECK ((source IS NULL) = (external_id IS NULL));
ALTER TABLE skills ADD CONSTRAINT skills_external_key_whole CHECK ((source IS NULL) = (external_id IS NULL));
ALTER TABLE activities ADD CONSTRAINT activities_external_key_whole CHECK ((source IS NULL) = (external_id IS NULL));
ALTER TABLE assignments ADD CONSTRAINT assignments_external_key_whole CHECK ((source IS NULL) = (external_id IS NULL));
