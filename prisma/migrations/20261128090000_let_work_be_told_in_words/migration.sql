-- What is described in words in place of a drawing is read by a teacher.
ALTER TABLE submissions DROP CONSTRAINT submissions_failure_known;
ALTER TABLE submissions ADD CONSTRAINT submissions_failure_known
  CHECK (failure IN ('specification-invalid', 'marks-invalid', 'grader-crashed', 'gave-up', 'file-missing',
                     'no-model', 'model-failed', 'model-unsure', 'model-unfit', 'test-set-missing', 'package-refused',
                     'package-exhausted', 'photo-unusable', 'photo-unmeasured', 'in-words'));
