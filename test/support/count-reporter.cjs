// Ends a run with one plain line that any CI can read, and names every suite that was skipped.
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const suiteFaults = results.testResults.filter((suite) => suite.testExecError).length;
    for (const suite of results.testResults) {
      const skipped = suite.testResults.filter((test) => test.status === 'pending' || test.status === 'todo');
      for (const test of skipped) process.stderr.write(`skipped: ${test.fullName} (${suite.testFilePath})\n`);
    }
    process.stdout.write(`${results.numPassedTests} passed, ${results.numFailedTests + suiteFaults} failed\n`);
  }
};
