import type { PlanConfigVar, PlanStep } from '../../../src/engine/plan';
import { applyInputs } from '../../../src/services/instances/config/apply-inputs';
import { findMissing } from '../../../src/services/instances/config/find-missing';
import type { OpenVariable } from '../../../src/services/instances/config/open-variables';
import { runTimeValue } from '../../../src/services/instances/config/run-time-value';

const variable = (dataType: string, rest: Partial<PlanConfigVar> = {}): PlanConfigVar => ({
  key: 'V',
  stableKey: 'v',
  dataType,
  orgOnly: false,
  ...rest,
});
const given = (value: string | null, rest: Partial<OpenVariable> = {}): OpenVariable => ({
  key: 'V',
  value,
  fields: new Map(),
  timeZone: null,
  ...rest,
});
const COMPONENT = { key: 'crm', isPublic: true, version: 1, signature: 's' };

describe('the run-time value of each data type', () => {
  it.each<[string, PlanConfigVar, string, unknown]>([
    ['string', variable('string'), 'a', 'a'],
    ['picklist', variable('picklist'), 'a', 'a'],
    ['number, as text', variable('number'), '15', '15'],
    ['boolean, as text', variable('boolean'), 'false', 'false'],
    ['date', variable('date'), '2026-07-31', '2026-07-31'],
    ['timestamp', variable('timestamp'), '2026-07-31T08:00:00Z', '2026-07-31T08:00:00Z'],
    ['code', variable('code', { codeLanguage: 'json' }), '{"a":1}', '{"a":1}'],
    ['jsonForm, parsed', variable('jsonform'), '{"a":[1]}', { a: [1] }],
    ['objectSelection, parsed', variable('objectselection'), '[{"object":"o"}]', [{ object: 'o' }]],
    ['objectFieldMap, parsed', variable('objectfieldmap'), '{"fields":[]}', { fields: [] }],
    ['value list', variable('string', { collectionType: 'valuelist' }), '["a","b"]', ['a', 'b']],
    [
      'pairs',
      variable('string', { collectionType: 'keyvaluelist' }),
      '[{"key":"a","value":"1"}]',
      [{ key: 'a', value: '1' }],
    ],
    [
      'pairs given as an object',
      variable('string', { collectionType: 'keyvaluelist' }),
      '{"a":"1"}',
      [{ key: 'a', value: '1' }],
    ],
    [
      'schedule',
      variable('schedule', { timeZone: 'Europe/Berlin' }),
      '0 2 * * *',
      { value: '0 2 * * *', schedule_type: 'custom', time_zone: 'Europe/Berlin' },
    ],
    [
      'schedule of a kind that the definition names',
      variable('schedule', { scheduleType: 'week' }),
      '0 0 * * 0',
      { value: '0 0 * * 0', schedule_type: 'week', time_zone: 'UTC' },
    ],
    [
      'schedule that recurs although the definition says never',
      variable('schedule', { scheduleType: 'once' }),
      '0 2 * * *',
      { value: '0 2 * * *', schedule_type: 'custom', time_zone: 'UTC' },
    ],
    [
      'schedule that happens once',
      variable('schedule', { scheduleType: 'once' }),
      '',
      { value: '', schedule_type: 'once', time_zone: 'UTC' },
    ],
    [
      'schedule that never recurs',
      variable('schedule'),
      '',
      { value: '', schedule_type: 'none', time_zone: 'UTC' },
    ],
    ['a text that is not set', variable('string'), '', undefined],
  ])('%s', (_name, configVar, text, expected) => {
    expect(runTimeValue(configVar, given(text))).toEqual(expected);
    expect(runTimeValue({ ...configVar, defaultValue: text }, undefined)).toEqual(expected);
  });

  it('connection', () => {
    const connection = {
      key: 'basic',
      component: COMPONENT,
      fields: [{ key: 'user', type: 'string', required: true }],
    };
    const fields = new Map([['user', 'u']]);
    expect(runTimeValue(variable('connection', { connection }), given(null, { fields }))).toEqual({
      key: 'basic',
      configVarKey: 'V',
      fields: { user: 'u' },
    });
  });
});

describe('saving a value', () => {
  const faultsOf = (configVar: PlanConfigVar, value: string): string[] => {
    try {
      applyInputs({
        configVars: [configVar],
        present: new Map(),
        inputs: [{ key: 'V', value }],
        mode: 'replace',
        isCustomerUser: false,
      });
      return [];
    } catch (error) {
      const { faults } = error as { faults: { field: string; messages: string[] }[] };
      return faults.flatMap(({ field, messages }) => messages.map((message) => `${field}: ${message}`));
    }
  };

  it.each<[PlanConfigVar, string[], string[]]>([
    [variable('number'), ['1', '-2.5', '1e3'], ['x', ' ', '1,5']],
    [variable('boolean'), ['true', 'false'], ['yes', 'True']],
    [variable('date'), ['2026-02-28'], ['2026-02-30', '28.2.2026']],
    [variable('timestamp'), ['2026-02-28T01:02:03Z'], ['soon']],
    [variable('picklist', { pickList: ['a', 'b'] }), ['a'], ['c']],
    [variable('picklist'), ['anything'], []],
    [variable('code', { codeLanguage: 'json' }), ['{"a":1}'], ['{a']],
    [variable('code', { codeLanguage: 'xml' }), ['<a>'], []],
    [variable('jsonform'), ['{"a":1}'], ['{a']],
    [variable('objectselection'), ['[{"object":{"key":"o"},"fields":[]}]', '[]'], ['{}', '[1]', '[{}]', 'x']],
    [variable('objectfieldmap'), ['{"fields":[{"field":{"key":"f"}}]}'], ['[]', '{}', '{"fields":[1]}']],
    [variable('schedule'), ['*/5 * * * *'], ['every day', '* * * * * *']],
    [variable('string', { collectionType: 'valuelist' }), ['["a"]'], ['a', '{}']],
    [variable('number', { collectionType: 'valuelist' }), ['["1",2]'], ['["a"]', '[true]']],
    [
      variable('number', { collectionType: 'keyvaluelist' }),
      ['[{"key":"a","value":"1"}]'],
      ['[{"key":"a"}]', '[{"key":"a","value":"x"}]'],
    ],
    [variable('string'), ['anything'], []],
  ])('of type $dataType takes what fits and names its key otherwise', (configVar, good, bad) => {
    for (const value of good) expect([value, faultsOf(configVar, value)]).toEqual([value, []]);
    for (const value of bad) {
      expect([value, faultsOf(configVar, value)]).toEqual([
        value,
        [expect.stringMatching(/^configVariables\.V: "V" (wants|has an item that wants) /)],
      ]);
    }
  });

  it('of a connection by a customer’s user leaves the organization’s fields alone', () => {
    const field = (key: string, rest: object) => ({ key, type: 'string', required: false, ...rest });
    const fields = [
      field('clientId', { setBy: 'organization' as const }),
      field('host', { setBy: 'customer' as const }),
    ];
    const configVar = variable('connection', { connection: { key: 'c', component: COMPONENT, fields } });
    const present = new Map([
      [
        'V',
        given(null, {
          fields: new Map([
            ['clientId', 'ours'],
            ['host', 'a'],
          ]),
        }),
      ],
    ]);
    const apply = (values: object[]) =>
      applyInputs({
        configVars: [configVar],
        present,
        inputs: [{ key: 'V', values: JSON.stringify(values) }],
        mode: 'replace',
        isCustomerUser: true,
      });
    expect([...apply([{ name: 'host', value: 'b' }]).get('V')!.fields]).toEqual([
      ['clientId', 'ours'],
      ['host', 'b'],
    ]);
    expect(() => apply([{ name: 'clientId', value: 'theirs' }])).toThrow(
      /"clientId" of "V" can be set by the organization only/,
    );
  });
});

describe('what a deploy needs', () => {
  const fields = [{ key: 'user', type: 'string', required: true }];
  const connection = (key: string): PlanConfigVar =>
    variable('connection', { key, stableKey: key, connection: { key: 'c', component: COMPONENT, fields } });
  const aStep = (name: string, rest: Partial<PlanStep>): PlanStep => ({
    key: name,
    name,
    path: name,
    component: COMPONENT,
    action: 'a',
    inputs: {},
    reads: [],
    onError: {
      type: 'fail',
      maxAttempts: 0,
      delaySeconds: 0,
      usesExponentialBackoff: false,
      ignoreFinalError: false,
    },
    ...rest,
  });
  const uses = (key: string) => ({ inputs: { connection: { kind: 'configVar' as const, key } } });
  const missing = (configVars: PlanConfigVar[], steps: PlanStep[], rest = {}) =>
    findMissing(
      {
        configVars,
        flows: [
          {
            name: 'Main',
            stableKey: 'main',
            description: '',
            isSynchronous: false,
            endpointSecurityType: 'unsecured',
            organizationApiKeys: [],
            trigger: aStep('Trigger', {}),
            steps,
          },
        ],
        ...rest,
      },
      new Map(),
    );

  it('are the connections that steps use, wherever they are nested; others stay empty', () => {
    const steps = [
      aStep('Branch', { branches: [{ name: 'b', steps: [aStep('In a branch', uses('A'))] }] }),
      aStep('Loop', { loop: { kind: 'items', steps: [aStep('In a loop', uses('A'))] } }),
    ];
    expect(missing([connection('A'), connection('B')], steps)).toEqual([
      { key: 'A', field: 'user', steps: ['In a branch', 'In a loop'] },
    ]);
  });

  it('counts code by the connections that its text names, and code-native flows by all', () => {
    const code = aStep('Code', {
      reads: 'all',
      inputs: { code: { kind: 'value', value: 'context.configVars["A \\"1\\""]' } },
    });
    expect(missing([connection('B')], [code])).toEqual([]);
    expect(missing([connection('configVars')], [code])).toHaveLength(1);
    expect(missing([connection('B')], [], { isCodeNative: true })).toHaveLength(1);
  });

  it('are the values that somebody is shown', () => {
    expect(missing([variable('string')], [])).toEqual([{ key: 'V' }]);
    expect(missing([variable('string', { defaultValue: 'x' })], [])).toEqual([]);
    expect(missing([variable('string', { setBy: 'embedded', visibleToOrganization: false })], [])).toEqual(
      [],
    );
    expect(missing([variable('string', { setBy: 'embedded' })], [])).toEqual([{ key: 'V' }]);
    expect(missing([variable('htmlelement')], [])).toEqual([]);
  });
});
