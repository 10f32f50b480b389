const LOCAL_AWS = {
  globalSetup: '<rootDir>/test/local/jest-global-setup.ts',
  globalTeardown: '<rootDir>/test/local/jest-global-teardown.ts',
};

const ENGINES = {
  globalSetup: '<rootDir>/test/engines/jest-global-setup.ts',
  globalTeardown: '<rootDir>/test/engines/jest-global-teardown.ts',
};

/** Suites that take more than 15 seconds each. They are separate, so that `unit` stays quick. */
export const SLOW_SUITES = [
  'cli/test/audit/audit.test.ts',
  'cli/test/audit/cache.test.ts',
  'cli/test/audit/cache-days.test.ts',
  'cli/test/audit/command.test.ts',
  'cli/test/audit/export/export.test.ts',
  'cli/test/audit/large-logs.test.ts',
  'cli/test/audit/report/browser.test.ts',
  'cli/test/audit/report/command.test.ts',
  'cli/test/audit/report/planted-month.test.ts',
  'cli/test/audit/rows.test.ts',
  'cli/test/audit/side-by-side.test.ts',
  'cli/test/completion/shells.test.ts',
  'cli/test/connection/credentials.test.ts',
  'cli/test/connection/credentials-explained.test.ts',
  'cli/test/interruption.test.ts',
  'cli/test/pull.test.ts',
  'test/audit/exfiltration.test.ts',
  'test/audit/queries/accounted.test.ts',
  'test/audit/queries/callers.test.ts',
  'test/audit/queries/disguises.test.ts',
  'test/audit/queries/engines-agree.test.ts',
  'test/audit/queries/evidence.test.ts',
  'test/audit/queries/odd-values.test.ts',
  'test/audit/queries/places.test.ts',
  'test/audit/queries/reconciliation.test.ts',
  'test/audit/queries/views.test.ts',
  'test/audit/queries/ways-round.test.ts',
  'test/compliance/cloudformation.test.ts',
  'test/compliance/findings.test.ts',
  'test/docs/typescript.test.ts',
  'test/examples/examples.test.ts',
  'test/monitoring/egress/months.test.ts',
  'test/monitoring/tamper/patterns.test.ts',
  'test/upgrade/consumer-snapshots.test.ts',
].map((file) => `<rootDir>/${file}`);

/** Suites against the local AWS that take more than 20 seconds each. */
const SLOW_LOCAL_SUITES = ['access/matrix/matrix.test.ts', 'openapi/openapi.test.ts'].map(
  (file) => `<rootDir>/test/local/${file}`,
);

/**
 * Six sets of tests: quick and slow tests without requirements; quick and slow tests against the local AWS, which is
 * started and deployed to once for each set; tests on independent engines; and tests that use the packages from other
 * languages.
 */
export function jestProjects(): Record<string, unknown> {
  const shared = sharedSettings();
  return {
    projects: [
      {
        ...shared,
        displayName: 'unit',
        testMatch: ['<rootDir>/test/**/*.test.ts', '<rootDir>/cli/test/**/*.test.ts'],
        testPathIgnorePatterns: [
          ...shared.testPathIgnorePatterns, '<rootDir>/test/local/', '<rootDir>/test/engines/',
          '<rootDir>/cli/test/local/',
          ...SLOW_SUITES,
        ],
      },
      { ...shared, displayName: 'slow', testMatch: SLOW_SUITES },
      {
        ...shared,
        ...LOCAL_AWS,
        displayName: 'local',
        testMatch: ['<rootDir>/test/local/**/*.test.ts', '<rootDir>/cli/test/local/**/*.test.ts'],
        testPathIgnorePatterns: [...shared.testPathIgnorePatterns, ...SLOW_LOCAL_SUITES],
      },
      { ...shared, ...LOCAL_AWS, displayName: 'local-slow', testMatch: SLOW_LOCAL_SUITES },
      {
        ...shared,
        ...ENGINES,
        displayName: 'engines',
        testMatch: ['<rootDir>/test/engines/**/*.test.ts'],
        testPathIgnorePatterns: [...shared.testPathIgnorePatterns, '/long/'],
      },
      {
        ...shared,
        displayName: 'consumers',
        testMatch: ['<rootDir>/test/consumers/*.test.ts'],
        testPathIgnorePatterns: ['/node_modules/'],
      },
    ],
    ...runSettings('counts.txt'),
  };
}

/** Tests on the engines that take many minutes or gigabytes. They are not part of `npm test`. */
export function longJestProjects(): Record<string, unknown> {
  return {
    projects: [{
      ...sharedSettings(),
      ...ENGINES,
      displayName: 'engines-long',
      testMatch: ['<rootDir>/test/engines/**/long/*.test.ts'],
    }],
    ...runSettings('counts-long.txt'),
    testTimeout: 1_800_000,
  };
}

function sharedSettings() {
  return {
    rootDir: '.',
    testEnvironment: 'node',
    clearMocks: true,
    setupFiles: ['<rootDir>/test/support/skip-cloudformation-validation.js'],
    transform: {
      '^.+\\.ts$': [
        '@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
      ],
      // Published only as ES modules, which Jest does not load by itself.
      'node_modules/@secretlint/.+\\.js$': ['@swc/jest', { jsc: { target: 'es2022' }, module: { type: 'commonjs' } }],
    },
    transformIgnorePatterns: ['/node_modules/(?!@secretlint/)'],
    testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/test/consumers/'],
    modulePathIgnorePatterns: ['/dist/', '/cdk.out/', '/lib/', '/.local-aws/'],
  };
}

function runSettings(countsFile: string) {
  return {
    reporters: ['default', ['<rootDir>/test/counting-reporter.js', { file: countsFile }]],
    // By default, Jest leaves one core idle, which is half of a small machine.
    maxWorkers: '100%',
    // Tests must not fail because the machine is busy.
    testTimeout: 600_000,
  };
}
