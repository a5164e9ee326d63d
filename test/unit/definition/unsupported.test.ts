import { checkDefinition, compilePlan, parseDefinition } from '../../../src/definition';
import { lookup } from './components';
import { behindHook, faultsOf, HOOK, marked, place, withSteps } from './texts';

const flow = (more: string) => withSteps(HOOK).replace('name: Main\n', `name: Main\n    ${more}\n`);
const variable = (more: string) => withSteps(HOOK, `requiredConfigVars: [{key: A, ${more}}]\n`);
const input = (type: string) =>
  behindHook(
    `- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: ${type}, «value: x}}}`,
  );
const APIKEY = 'dataType: connection, connection: {key: apiKey, component: {key: http, isPublic: true}}';

const PARTLY: [string, string][] = [
  ['inputs of type dataSource', input('dataSource')],
  ['inputs of type scopedConfigVar', input('scopedConfigVar')],
  ['an agent for what has no host and port', variable(`${APIKEY}, «onPremiseConnectionConfig: required`)],
  [
    'an agent for a shared connection',
    variable('dataType: connection, useScopedConfigVar: shop, «onPremiseConnectionConfig: required'),
  ],
  [
    'a connection field from a config variable',
    variable(`${APIKEY}, inputs: {token: {type: configVar, value: «A}}`),
  ],
  [
    'a page for end users whom no delivery names',
    variable(
      'dataType: string}]\nconfigPages: [{name: You, «userLevelConfigured: true, elements: [{type: configVar, value: A}]',
    ),
  ],
  ['a credential', variable('«dataType: credential')],
];

test.each(PARTLY)('takes %s with a warning that says what is missing', (_what, marking) => {
  const { text, line, column } = marked(marking);
  expect(faultsOf(text).map(place)).toEqual([
    { code: 'partly_supported', severity: 'warning', line, column },
  ]);
});

test.each(PARTLY)('makes a plan of %s', (_what, marking) => {
  const { definition } = parseDefinition(marked(marking).text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  expect(compilePlan(definition, lookup).flows).toHaveLength(1);
});

test('leaves out what is not looked up: the default counts, or nothing', () => {
  const { definition } = parseDefinition(
    behindHook(
      '- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: dataSource, value: x}, timeout: {type: scopedConfigVar, value: x}, tags: {type: complex, value: [{type: dataSource}]}, connection: {type: scopedConfigVar, value: x}}}',
      `requiredConfigVars: [{key: Old, dataType: credential}, {key: New, ${APIKEY}, inputs: {token: {type: reference, value: a.b}}}]\n`,
    ),
  );
  if (definition === undefined) throw new Error('The definition cannot be read.');
  const { flows, configVars } = compilePlan(definition, lookup);
  expect(flows[0]?.steps[0]?.inputs).toMatchObject({
    url: { kind: 'value', value: '' },
    timeout: { kind: 'value', value: '1000' },
    tags: { kind: 'list', items: [{ kind: 'configVar', key: '' }] },
    connection: { kind: 'configVar', key: '' },
  });
  expect(configVars[0]).toMatchObject({ key: 'Old', dataType: 'connection' });
  expect(configVars[0]?.connection).toBeUndefined();
  expect(configVars[1]?.connection?.fields.find(({ key }) => key === 'token')).not.toHaveProperty('value');
});

test.each([
  ['a retry of no attempts', flow('retryConfig: {maxAttempts: 0, delayMinutes: 5}')],
  ['a resolver that is off', flow('triggerResolver: {enabled: false, batchSize: 10}')],
  ['a schema of the payload', flow('schemas: {invoke: {type: object}}\n    isAgentFlow: true')],
  [
    'a page for end users whom deliveries name',
    variable(
      'dataType: string}]\nendpointType: instance_specific\nexternalCustomerUserIdField: payload.results.user\nconfigPages: [{name: You, userLevelConfigured: true, elements: [{type: configVar, value: A}]',
    ),
  ],
  ['an agent that is allowed', variable(`${APIKEY}, onPremiseConnectionConfig: allowed`)],
  [
    'a config variable with a data source',
    variable('dataType: picklist, dataSource: {key: listSites, component: {key: http, isPublic: true}}'),
  ],
])('takes %s', (_what, text) => {
  expect(faultsOf(text)).toEqual([]);
});

test('a definition that was not read from text has its faults on line 1', () => {
  const text = variable('dataType: string, dataSource: {key: none, component: {key: http, isPublic: true}}');
  const { definition } = parseDefinition(text);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  expect(checkDefinition(structuredClone(definition), lookup).map(place)).toEqual([
    { code: 'unknown_data_source', severity: 'error', line: 1, column: 1 },
  ]);
});
