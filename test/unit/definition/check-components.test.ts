import { checkDefinition, describeFault, parseDefinition } from '../../../src/definition';
import { lookup } from './components';
import { behindHook, faultsOf, HOOK, marked, place, withSteps } from './texts';

const get = (inputs: string) =>
  behindHook(
    `- {name: Get, action: {key: get, component: {key: http, isPublic: true}}, inputs: {${inputs}}}`,
  );
const URL = 'url: {type: value, value: x}';
const VARIABLES =
  'requiredConfigVars: [{key: Base URL, dataType: string}, {key: Shop, dataType: connection, connection: {key: apiKey, component: {key: http, isPublic: true}}}]\n';
const connection = (more: string, component = 'key: http, isPublic: true', key = 'key: apiKey') =>
  withSteps(
    HOOK,
    `requiredConfigVars: [{key: Shop, dataType: connection, connection: {${key}, component: {${component}}}, ${more}}]\n`,
  );
const source = (more: string, dataSource = 'key: listSites, component: {key: http, isPublic: true}') =>
  withSteps(
    HOOK,
    `requiredConfigVars: [{key: Site, dataType: picklist, dataSource: {${dataSource}}, ${more}}]\n`,
  );

test.each([
  [
    'component',
    'unknown_component',
    behindHook('- {name: A, action: {key: get, component: {key: «htpp, isPublic: true}}}'),
  ],
  [
    'version',
    'unknown_version',
    behindHook('- {name: A, action: {key: createLead, component: {key: crm, isPublic: false, version: «3}}}'),
  ],
  [
    'signature',
    'unknown_version',
    behindHook(
      '- {name: A, action: {key: createLead, component: {key: crm, isPublic: false, signature: «abc}}}',
    ),
  ],
  [
    'action',
    'unknown_action',
    behindHook('- {name: A, action: {key: «gett, component: {key: http, isPublic: true}}}'),
  ],
  [
    'action that is a trigger',
    'unknown_action',
    behindHook('- {name: A, action: {key: «webhook, component: {key: hooks, isPublic: true}}}'),
  ],
  [
    'action with a name of every object',
    'unknown_action',
    behindHook('- {name: A, action: {key: «constructor, component: {key: http, isPublic: true}}}'),
  ],
  [
    'trigger',
    'unknown_trigger',
    withSteps(
      '- {name: A, isTrigger: true, action: {key: «webhok, component: {key: hooks, isPublic: true}}}',
    ),
  ],
  [
    'trigger that is an action',
    'unknown_trigger',
    withSteps('- {name: A, isTrigger: true, action: {key: «get, component: {key: http, isPublic: true}}}'),
  ],
  ['input', 'unknown_input', get(`${URL}, «timeot: {type: value, value: x}`)],
  ['config variable', 'unknown_config_var', get('url: {type: configVar, value: «Base UR}')],
  [
    'config variable in a list',
    'unknown_config_var',
    get(
      `${URL}, headers: {type: complex, value: [{name: {type: configVar, value: «Nobody}, type: value, value: x}]}`,
    ),
  ],
  [
    'config variable of an unknown action too',
    'unknown_config_var',
    behindHook(
      '- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: configVar, value: «Nobody}}}',
    ),
  ],
  ['connection given as text', 'wrong_input_type', get(`${URL}, connection: {type: value, value: «Shop}`)],
  [
    'connection that is none',
    'wrong_input_type',
    get(`${URL}, connection: {type: configVar, value: «Base URL}`).replace('flows:', `${VARIABLES}flows:`),
  ],
  [
    'component of a connection',
    'unknown_component',
    connection('orgOnly: false', 'key: «shopify, isPublic: true'),
  ],
  ['connection', 'unknown_connection', connection('orgOnly: false', undefined, 'key: «apiKeys')],
  ['field of a connection', 'unknown_input', connection('inputs: {«tokn: {type: value, value: x}}')],
  [
    'component of a data source',
    'unknown_component',
    source('orgOnly: false', 'key: listSites, component: {key: «sites, isPublic: true}'),
  ],
  [
    'data source',
    'unknown_data_source',
    source('orgOnly: false', 'key: «listSite, component: {key: http, isPublic: true}'),
  ],
  ['input of a data source', 'unknown_input', source('inputs: {«filtr: {type: value, value: x}}')],
  [
    'config variable of a data source',
    'unknown_config_var',
    source('inputs: {connection: {type: configVar, value: «Shop}}'),
  ],
  [
    'config variable of a schedule',
    'unknown_config_var',
    withSteps(
      '- {name: H, isTrigger: true, action: {key: cron, component: {key: hooks, isPublic: true}}, schedule: {type: configVar, value: «When}}',
    ),
  ],
  [
    'config variable without a schedule',
    'wrong_input_type',
    withSteps(
      '- {name: H, isTrigger: true, action: {key: cron, component: {key: hooks, isPublic: true}}, schedule: {type: configVar, value: «Shop}}',
      VARIABLES,
    ),
  ],
  [
    'schedule of a trigger that takes none',
    'schedule_not_allowed',
    withSteps(
      '- {name: H, isTrigger: true, action: {key: tool, component: {key: hooks, isPublic: true}}, «schedule: {type: value, value: "0 0 * * *"}}',
    ),
  ],
])('refuses a wrong %s', (_what, code, marking) => {
  const { text, line, column } = marked(marking);
  const faults = faultsOf(text).filter((fault) => fault.code === code);
  expect(faults.map(place)).toEqual([{ code, severity: 'error', line, column }]);
});

test.each([
  [
    'field in a connection template',
    'unknown_input',
    connection('inputs: {tokenUrl: {type: template, value: «"https://{{#hosst}}"}}'),
  ],
  [
    'config variable on a page',
    'unknown_config_var',
    withSteps(HOOK, 'configPages: [{name: P, elements: [{type: configVar, value: «Shop}]}]\n'),
  ],
])('warns of an unknown %s', (_what, code, marking) => {
  const { text, line, column } = marked(marking);
  expect(faultsOf(text).map(place)).toEqual([{ code, severity: 'warning', line, column }]);
});

test.each([
  ['input with a name of every object', 'unknown_input', get(`${URL}, «toString: {type: value, value: x}`)],
  [
    'input that another version of the component may have',
    'unknown_input',
    get(`${URL}, «proxy: {type: value, value: x}`),
  ],
  [
    'config variable in a template',
    'unknown_config_var',
    get('url: {type: template, value: «"{{#Base}}/x"}'),
  ],
  ['required input that is left out', 'missing_input', get('').replace('inputs:', '«inputs:')],
  ['required input that is empty', 'missing_input', get('«url: {type: value, value: ""}')],
  ['required input that is an empty reference', 'missing_input', get('«url: {type: reference, value: ""}')],
])('takes a doubtful %s with a warning', (_what, code, marking) => {
  const { text, line, column } = marked(marking);
  expect(faultsOf(text).map(place)).toEqual([{ code, severity: 'warning', line, column }]);
});

test.each([
  ['«isSynchronous: true', 'cron', 'synchronous_not_allowed'],
  ['isSynchronous: «false', 'tool', 'synchronous_required'],
])('refuses a flow that answers other than its trigger can: %s, %s', (mode, key, code) => {
  const trigger = `- {name: H, isTrigger: true, action: {key: ${key}, component: {key: hooks, isPublic: true}}${key === 'cron' ? ', schedule: {type: value, value: "", meta: {scheduleType: once}}' : ''}}`;
  const marking = withSteps(trigger)
    .replace('name: Main\n', `name: Main\n    ${mode}\n`)
    .replace('«isSynchronous: ', 'isSynchronous: «');
  const { text, line, column } = marked(marking);
  expect(faultsOf(text).map(place)).toEqual([{ code, severity: 'error', line, column }]);
});

test.each([
  ['{key: gett, component: {key: http, isPublic: true}}', 'Did you mean "get"?'],
  [
    '{key: webhook, component: {key: hooks, isPublic: true}}',
    'There is a trigger of that name; it can only come first.',
  ],
  ['{key: zzz, component: {key: branch, isPublic: true}}', 'Known: "branchOnExpression", "branchOnValue".'],
  ['{key: x, component: {key: hooks, isPublic: true}}', 'There is none to choose from.'],
  ['{key: get, component: {key: http, isPublic: false}}', 'There is a public one: write "isPublic: true".'],
  [
    '{key: get, component: {key: nothing, isPublic: true}}',
    'Publish the component first, or correct its key.',
  ],
  [
    '{key: createLead, component: {key: crm, isPublic: false, version: 9}}',
    'The newest is 2; write that, or write LATEST.',
  ],
])('says of %s: %s', (action, hint) => {
  expect(faultsOf(behindHook(`- {name: A, action: ${action}}`))).toMatchObject([{ hint, step: 'A' }]);
});

test('names the step, or the config variable', () => {
  const { text } = marked(connection('orgOnly: false', 'key: «shopify, isPublic: true'));
  expect(faultsOf(text)[0]?.message).toBe('There is no public component "shopify" (config variable "Shop").');
  const [fault] = faultsOf(
    behindHook('- {name: Ask Them, action: {key: a, component: {key: them, isPublic: true}}}'),
  );
  expect(fault && describeFault(fault)).toBe(
    '7:60 unknown_component Step "Ask Them": There is no public component "them". — Publish the component first, or correct its key.',
  );
});

test('takes what the language allows', () => {
  const text = get(
    [
      'url: {type: template, value: "{{#Base URL}}/x"}',
      'timeout: {type: value, value: ""}',
      'connection: {type: configVar, value: Shop}',
      'headers: {type: complex, value: [{name: "", type: value, value: ""}]}',
      'tags: {type: configVar, value: ""}',
    ].join(', '),
  ).replace('flows:', `${VARIABLES}flows:`);
  expect(faultsOf(text)).toEqual([]);
});

test('warns where another version of a built-in component runs than the one asked for', () => {
  const { text, line, column } = marked(
    get(URL).replace('key: http, isPublic: true', 'key: http, isPublic: true, version: «1'),
  );
  expect(faultsOf(text).map(place)).toEqual([
    { code: 'version_substituted', severity: 'warning', line, column },
  ]);
});

test('warns of an entry that has a value but no name', () => {
  const { text, line, column } = marked(
    get(`${URL}, headers: {type: complex, value: [{name: "", type: value, value: «x}]}`),
  );
  expect(faultsOf(text).map(place)).toEqual([{ code: 'empty_pair_name', severity: 'warning', line, column }]);
});

test('asks for each component once', () => {
  const asked: string[] = [];
  const { definition } = parseDefinition(
    behindHook(
      ['A', 'B', 'C']
        .map(
          (name) =>
            `- {name: ${name}, action: {key: get, component: {key: http, isPublic: true}}, inputs: {${URL}}}`,
        )
        .join('\n'),
    ),
  );
  if (definition === undefined) throw new Error('The definition cannot be read.');
  const faults = checkDefinition(definition, (reference) => {
    asked.push(`${reference.key} ${reference.version}`);
    return lookup(reference);
  });
  expect(faults).toEqual([]);
  expect(asked).toEqual(['hooks LATEST', 'http LATEST']);
});

test('repeats none of the faults of the text, and reports none that only follow from them', () => {
  const { definition, faults } = parseDefinition(
    behindHook(
      '- {name: A, action: {component: {key: http, isPublic: 3}}}\n- {action: {key: get, component: {key: http, isPublic: true}}}',
    ),
  );
  expect(faults.map(({ code, path }) => `${code} ${path}`)).toEqual([
    'missing_key flows.0.steps.1.action.key',
    'wrong_type flows.0.steps.1.action.component.isPublic',
    'empty_step_key flows.0.steps.2.name',
  ]);
  if (definition === undefined) throw new Error('The definition cannot be read.');
  expect(checkDefinition(definition, lookup).map(({ code, path }) => `${code} ${path}`)).toEqual([
    'missing_input flows.0.steps.2.inputs',
  ]);
});

test.each(['', ', schedule:', ', schedule: {}', ', schedule: {type: value, value: ""}'])(
  'warns alike of a trigger that needs a schedule and has%p',
  (schedule) => {
    const found = faultsOf(
      withSteps(
        `- {name: H, isTrigger: true, action: {key: cron, component: {key: hooks, isPublic: true}}${schedule}}`,
      ),
    );
    expect(found).toMatchObject([{ code: 'missing_schedule', severity: 'warning', line: 6 }]);
  },
);

test('takes a trigger’s word that it never recurs', () => {
  const never = '{type: value, value: "", meta: {scheduleType: once}}';
  const text = withSteps(
    `- {name: H, isTrigger: true, action: {key: cron, component: {key: hooks, isPublic: true}}, schedule: ${never}}`,
  );
  expect(faultsOf(text)).toEqual([]);
});
