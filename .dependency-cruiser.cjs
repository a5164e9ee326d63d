/** Who may import whom. The table in docs/ARCHITECTURE.md says the same in words. */
const only = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: `^src/${from}/` },
  to: {
    path: '^src/',
    pathNot: [`^src/${from}/`, '^src/(errors|fair-queue)\\.ts$', ...allowed.map((path) => `^src/${path}`)],
  },
});
const noPackage = (name, from, packages, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: packages.map((one) => `node_modules/${one}`) },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    only(
      'definition-is-pure',
      'definition',
      ['engine/plan', 'components/manifest'],
      'The language knows the plan and manifests only.',
    ),
    only('engine-is-pure', 'engine', [], 'The engine knows nothing but itself.'),
    only(
      'workflows',
      'workflows',
      ['engine/', 'temporal/contract', 'temporal/search-attribute-keys'],
      'Workflows see the types of activities, and what they are found by.',
    ),
    {
      name: 'workflows-reach',
      severity: 'error',
      comment: 'Nothing that a workflow reaches may touch a server or a Node built-in.',
      from: { path: '^src/workflows/' },
      to: {
        path: [
          '^src/(store|services|api|worker|components|config)/',
          'node_modules/(mongoose|express|zod|yaml)/',
        ],
        reachable: true,
      },
    },
    {
      name: 'sandbox-no-builtins',
      severity: 'error',
      from: { path: '^src/(workflows|engine|definition)/' },
      to: { dependencyTypes: ['core'] },
    },
    only(
      'activities',
      'activities',
      ['services/', 'components/', 'engine/', 'store/', 'temporal/contract', 'config/', 'net/', 'tunnel/'],
      'Activities run flows by the services.',
    ),
    only(
      'services',
      'services',
      ['store/', 'temporal/', 'definition/', 'components/', 'engine/', 'config/', 'net/'],
      'Services know no door.',
    ),
    only('net', 'net', [], 'The rules of outgoing connections.'),
    only('store', 'store', ['components/manifest', 'config/'], 'The store knows nothing above it.'),
    only('temporal', 'temporal', ['config/'], 'The client side of Temporal.'),
    only(
      'api',
      'api',
      ['services/', 'config/', 'store/', 'temporal/', 'definition/', 'components/manifest', 'tunnel/'],
      'Doors call services.',
    ),
    only(
      'cli',
      'cli',
      [
        'definition/',
        'components/builtin-manifests',
        'components/manifest',
        'components/builtin/code/compile-snippet',
        'agent/',
        'config/',
      ],
      'Commands that need no server beside them.',
    ),
    only('agent', 'agent', ['tunnel/'], 'What runs in a customer’s network.'),
    only('tunnel', 'tunnel', [], 'Streams over a WebSocket.'),
    only('components', 'components', ['config/', 'net/'], 'Components and their runners.'),
    noPackage(
      'api-no-database',
      '^src/api/',
      ['mongoose', 'mongodb', '@temporalio'],
      'Doors reach servers through services.',
    ),
    noPackage(
      'services-no-doors',
      '^src/services/',
      ['express', 'graphql', '@temporalio'],
      'Services know neither HTTP nor Temporal.',
    ),
    noPackage(
      'store-no-doors',
      '^src/store/',
      ['express', 'graphql', '@temporalio'],
      'The store knows MongoDB only.',
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: false,
    tsConfig: { fileName: 'tsconfig.json' },
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
