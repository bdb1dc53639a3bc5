-- A photo that nothing can be measured on is not scored: its learner is told what to do.
ALTER TABLE submissions DROP CONSTRAINT submissions_failure_known;
ALTER TABLE submissions ADD CONSTRAINT submissions_failure_known
  CHECK (failure IN ('specification-invalid', 'marks-invalid', 'grader-crashed', 'gave-up', 'file-missing',
                     'no-model', 'model-failed', 'model-unsure', 'model-unfit', 'test-set-missing', 'package-refused',
                     'package-exhausted', 'photo-unusable', 'photo-unmeasured'));
