import { stringify } from 'yaml';
import { type Data, keysOf, list, read, reference, template, value, variable } from './realistic-parts';

test('a file written by hand is taken with warnings of everything that is odd in it', () => {
  const old = (component: string, key: string, name: string, more: Data = {}): Data => ({
    name,
    action: { component: { key: component, version: 8, isPublic: true }, key },
    ...more,
  });
  const text = stringify({
    definitionVersion: '6',
    name: 2024,
    isSynchronous: 'false',
    flows: [
      {
        name: 'v1.2 Orders',
        steps: [
          old('http', 'webhook', 'HTTP Trigger', {
            isTrigger: true,
            inputs: { contentType: value('text/plain') },
          }),
          old('code', 'runCode', 'Transform', {
            inputs: { code: template('return data;'), data: reference('trigger.results.body') },
          }),
          old('http', 'httpRequest', 'API Call', {
            inputs: { method: value('POST'), url: variable('baseUrl'), data: reference('transform.results') },
          }),
          old('http', 'httpGet', 'API call', {
            inputs: { url: reference('httpTrigger.results.webhookUrls.v1.2 Orders') },
            errorConfig: { maxAttempts: 9 },
          }),
          old('customHttp', 'httpPost', '送信', {
            inputs: { url: value('https://x.test'), timeout: value(5) },
          }),
          old('cross-flow', 'triggerFlow', 'Call Sibling', { inputs: { flowName: value('v1.2 Orders') } }),
          old('branch', 'branchOnValue', 'Pick', {
            inputs: {
              inputValue: reference('apiCall.results'),
              branchValueMappings: list({ name: 1, ...value(1) }),
            },
            branches: [{ name: 1, steps: [old('code', 'runCode', 'No Code')] }, { name: 'Else' }],
          }),
        ],
      },
    ],
    requiredConfigVars: [
      { key: 'baseUrl', dataType: 'STRING', defaultValue: 8080 },
      { key: 'Legacy', dataType: 'credential' },
      { key: 'Choice', dataType: 'picklist', pickList: [1, true, 'x'], defaultValue: 1 },
    ],
  });
  const { faults, plan } = read(text);
  expect(new Set(faults.map(({ severity }) => severity))).toEqual(new Set(['warning']));
  expect([...new Set(faults.map(({ code }) => code))].sort()).toEqual([
    'duplicate_step_key',
    'empty_step_key',
    'odd_value',
    'partly_supported',
    'unknown_reference',
    'unquoted_value',
    'version_substituted',
  ]);
  expect(keysOf(plan, 'v1.2 Orders')).toEqual([
    'httpTrigger',
    'transform',
    'apiCall',
    'apiCall2',
    'step',
    'callSibling',
    'pick',
    'noCode',
  ]);
  expect(plan.flows[0]?.steps.at(-1)?.branches?.map(({ name }) => name)).toEqual(['1', 'Else']);
  expect(plan.configVars[2]).toMatchObject({ pickList: ['1', 'true', 'x'], defaultValue: '1' });
});
