// Writes how many tests passed and failed, in all and by project, for .ci/run to print.
const fs = require('node:fs');
const path = require('node:path');

module.exports = class CountingReporter {
  constructor(_globalConfig, { file = 'counts.txt' } = {}) {
    this.file = path.join('test-reports', file);
  }

  onRunComplete(_contexts, { testResults, numPassedTests, numFailedTests, numRuntimeErrorTestSuites }) {
    const projects = new Map();
    for (const { displayName, numPassingTests, numFailingTests, testExecError } of testResults) {
      const name = displayName?.name ?? 'tests';
      const { passed, failed } = projects.get(name) ?? { passed: 0, failed: 0 };
      projects.set(name, { passed: passed + numPassingTests, failed: failed + numFailingTests + (testExecError ? 1 : 0) });
    }
    const lines = [
      `${numPassedTests} ${numFailedTests + numRuntimeErrorTestSuites}`,
      ...[...projects].map(([name, { passed, failed }]) => `${name} ${passed} ${failed}`),
    ];
    fs.mkdirSync(path.dirname(this.file), { recursive: true });
    fs.writeFileSync(this.file, lines.map((line) => `${line}\n`).join(''));
  }
};
