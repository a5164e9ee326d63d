const { writeFileSync } = require('node:fs');

/** What a test file counts for: its tests, and one failure if it could not be run at all. */
const countOf = (suite) => ({
  file: suite.testFilePath,
  passed: suite.numPassingTests,
  failed: suite.numFailingTests + (suite.testExecError && suite.numFailingTests === 0 ? 1 : 0),
});

// Counts each file's tests for `scripts/test.mjs`, and names every test that was skipped.
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    for (const suite of results.testResults) {
      const skipped = suite.testResults.filter((test) => test.status === 'pending' || test.status === 'todo');
      for (const test of skipped) process.stderr.write(`skipped: ${test.fullName} (${suite.testFilePath})\n`);
    }
    const file = process.env['TENON_TEST_COUNT_FILE'];
    if (file) writeFileSync(file, JSON.stringify(results.testResults.map(countOf)));
  }
};
