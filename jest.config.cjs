// One project a kind of test; `node scripts/test.mjs <kind>` runs one of them.
const swc = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

/** What Jest must load as CommonJS: ESM-only packages, and a file that asks for `os` by a dynamic import. */
const TO_COMMONJS = ['jose/', 'oauth4webapi/', 'mongodb/lib/runtime_adapters'];

const project = (name, extra = {}) => ({
  displayName: name,
  rootDir: __dirname,
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  testEnvironment: 'node',
  transform: { '\\.[jt]s$': swc },
  transformIgnorePatterns: [`/node_modules/(?!(${TO_COMMONJS.join('|')}))`, '<rootDir>/dist/'],
  ...extra,
});

const onServers = {
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
};

module.exports = {
  reporters: ['default', '<rootDir>/test/support/count-reporter.cjs'],
  testTimeout: 60_000,
  // Each file leaves some of its modules behind; a process that has grown is begun anew, before its pauses disturb tests.
  workerIdleMemoryLimit: '1200MB',
  projects: [
    project('unit'),
    project('workflow', onServers),
    project('replay'),
    project('integration', onServers),
    project('compat', onServers),
    project('e2e', onServers),
  ],
};
