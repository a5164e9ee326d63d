const { writeFileSync } = require('node:fs');

// Counts for the plain last line of a run, which any CI can read, and names every test that was skipped.
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const suiteFaults = results.testResults.filter((suite) => suite.testExecError).length;
    for (const suite of results.testResults) {
      const skipped = suite.testResults.filter((test) => test.status === 'pending' || test.status === 'todo');
      for (const test of skipped) process.stderr.write(`skipped: ${test.fullName} (${suite.testFilePath})\n`);
    }
    const line = `${results.numPassedTests} passed, ${results.numFailedTests + suiteFaults} failed`;
    const file = process.env['TENON_TEST_COUNT_FILE'];
    if (file) writeFileSync(file, line);
    else process.stdout.write(`${line}\n`);
  }
};
