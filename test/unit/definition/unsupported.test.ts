import { checkDefinition, compilePlan, parseDefinition } from '../../../src/definition';
import { lookup } from './components';
import { behindHook, faultsOf, HOOK, marked, place, withSteps } from './texts';

const flow = (more: string) => withSteps(HOOK).replace('name: Main\n', `name: Main\n    ${more}\n`);
const trigger = (key: string, more: string) =>
  withSteps(
    `- {name: H, isTrigger: true, action: {key: ${key}, component: {key: hooks, isPublic: true}}${more}}`,
  );
const variable = (more: string) => withSteps(HOOK, `requiredConfigVars: [{key: A, ${more}}]\n`);
const input = (type: string) =>
  behindHook(
    `- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: ${type}, «value: x}}}`,
  );
const APIKEY = 'dataType: connection, connection: {key: apiKey, component: {key: http, isPublic: true}}';

const USES: [string, string][] = [
  ['an instance endpoint', withSteps(HOOK, '«endpointType: instance_specific\n')],
  ['a shared endpoint', withSteps(HOOK, '«endpointType: shared_instance\n')],
  ['code-native flows', withSteps(HOOK, '«isCodeNative: true\n')],
  ['the retry of a flow', flow('«retryConfig: {maxAttempts: 1, delayMinutes: 1}')],
  ['a strict queue', flow('«queueConfig: {usesFifoQueue: true}')],
  ['a throttle', flow('«queueConfig: {concurrencyLimit: 2}')],
  ['a throttle by type', flow('«queueConfig: {type: throttled}')],
  ['single executions', flow('«queueConfig: {singletonExecutions: true}')],
  [
    'a queue that drops duplicates',
    flow('«queueConfig: {dedupeIdField: {type: reference, value: hook.results.id}}'),
  ],
  ['batches', flow('«triggerResolver: {enabled: true, batchSize: 200}')],
  ['branches of a trigger', trigger('fork', ', «branches: [{name: A, steps: []}]')],
  ['a polling trigger', trigger('poll', '').replace('key: poll', '«key: poll')],
  [
    'a schedule from a template',
    trigger('webhook', ', schedule: {type: template, «value: "*/{{#A}} * * * *"}'),
  ],
  ['inputs of type dataSource', input('dataSource')],
  ['inputs of type scopedConfigVar', input('scopedConfigVar')],
  ['a shared connection', variable('dataType: connection, «useScopedConfigVar: shared')],
  [
    'a connection template',
    variable(
      APIKEY.replace('{key: apiKey', '{template: preset, key: apiKey').replace(
        'connection: {',
        '«connection: {',
      ),
    ),
  ],
  ['an on-premise agent', variable(`${APIKEY}, «onPremiseConnectionConfig: required`)],
  [
    'a connection field from a config variable',
    variable(`${APIKEY}, inputs: {token: {type: configVar, value: «A}}`),
  ],
  ['a credential', variable('«dataType: credential')],
  [
    'pages for each user',
    withSteps(HOOK, 'configPages: [{name: P, «userLevelConfigured: true, elements: []}]\n'),
  ],
];

test.each(USES)('refuses %s, naming the place', (_what, marking) => {
  const { text, line, column } = marked(marking);
  expect(faultsOf(text).map(place)).toEqual([{ code: 'unsupported', severity: 'error', line, column }]);
});

test.each(USES)('makes no plan of %s', (_what, marking) => {
  const { definition } = parseDefinition(marked(marking).text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  expect(() => compilePlan(definition, lookup)).toThrow('The definition has 1 fault.');
});

test.each([
  ['a retry of no attempts', flow('retryConfig: {maxAttempts: 0, delayMinutes: 5}')],
  [
    'a parallel queue',
    flow('queueConfig: {type: parallel, usesFifoQueue: false, singletonExecutions: false}'),
  ],
  ['a resolver that is off', flow('triggerResolver: {enabled: false, batchSize: 10}')],
  ['an empty list of branches of a trigger', trigger('fork', ', branches: []')],
  ['a schema of the payload', flow('schemas: {invoke: {type: object}}\n    isAgentFlow: true')],
  ['an agent that is allowed', variable(`${APIKEY}, onPremiseConnectionConfig: allowed`)],
  [
    'a config variable with a data source',
    variable('dataType: picklist, dataSource: {key: listSites, component: {key: http, isPublic: true}}'),
  ],
])('takes %s', (_what, text) => {
  expect(faultsOf(text)).toEqual([]);
});

test('a definition that was not read from text has its faults on line 1', () => {
  const { definition } = parseDefinition(withSteps(HOOK, 'isCodeNative: true\n'));
  if (definition === undefined) throw new Error('The definition cannot be read.');
  expect(checkDefinition(structuredClone(definition), lookup).map(place)).toEqual([
    { code: 'unsupported', severity: 'error', line: 1, column: 1 },
  ]);
});
