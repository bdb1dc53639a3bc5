import { writeFileSync } from 'node:fs';

/**
 * A Vitest reporter that leaves the outcome per suite in the file named by ATTUNE_TEST_OUTCOME, for scripts/test.mjs.
 * A test that cannot run here says why: `it('…', async ({ skip }) => { skip(!hasRedis, 'no Redis'); … })`.
 */
export default class TestReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const suites = {};
    for (const module of modules) {
      const suite = (suites[module.project.name || 'tests'] ??= { passed: 0, failed: 0, skipped: [], milliseconds: 0 });
      suite.milliseconds += module.diagnostic().duration;
      let hasFailedTest = false;
      for (const test of module.children.allTests()) {
        const { state, note } = test.result();
        if (state === 'passed') suite.passed++;
        if (state === 'failed') suite.failed++;
        if (state === 'skipped' || state === 'pending') {
          const reason = note ?? (hasFailedBefore(test) ? 'what it needs first has failed' : 'no reason given');
          suite.skipped.push({ name: test.fullName, file: module.relativeModuleId, reason });
        }
        hasFailedTest ||= state === 'failed';
      }
      if (module.state() === 'failed' && !hasFailedTest) suite.failed++; // it could not be loaded, or a hook failed
    }
    writeFileSync(process.env.ATTUNE_TEST_OUTCOME, JSON.stringify({ suites, unhandled: unhandledErrors.length }));
  }
}

/** Tells whether a hook around a test failed, as `beforeAll` does: its tests are then skipped without a word. */
function hasFailedBefore(test) {
  for (let around = test.parent; around; around = around.parent) {
    if (around.errors().length > 0) return true;
  }
  return false;
}
