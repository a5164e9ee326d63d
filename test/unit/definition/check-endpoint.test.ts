import { faultsOf, HOOK, marked, place } from './texts';

const flow = (name: string, security: string, keys: string, trigger = HOOK) =>
  `  - name: ${name}\n    endpointSecurityType: ${security}\n    organizationApiKeys: ${keys}\n    steps:\n      ${trigger}\n`;
const text = (flows: string[], type = 'instance_specific') =>
  `definitionVersion: 7\nname: Test\nendpointType: ${type}\npreprocessFlowName: Sort\nflowNameField: {type: reference, value: hook.results.body.data.flow}\nexternalCustomerIdField: {type: reference, value: hook.results.body.data.who}\nflows:\n${flows.join('')}`;
const SCHEDULE =
  '- {name: Hook, isTrigger: true, schedule: {type: value, value: "0 1 * * *"}, action: {key: schedule, component: {key: schedule-triggers, isPublic: true}}}';
const ofKeys = (source: string) => faultsOf(source).filter(({ code }) => code === 'no_common_api_key');

test.each(['instance_specific', 'shared_instance'])(
  'warns where no key admits to both the preprocess flow and another (%s)',
  (type) => {
    const { text: source, ...at } = marked(
      text([flow('Sort', 'organization', '[a, b]'), flow('One', 'organization', '«[c]')], type),
    );
    const found = ofKeys(source);
    expect(found.map(place)).toEqual([{ code: 'no_common_api_key', severity: 'warning', ...at }]);
    expect(found[0]?.message).toMatch(/"One".*"Sort"/);
    expect(found[0]?.hint).toContain('common key');
  },
);

test.each([
  ['they have a key in common', flow('One', 'organization', '[c, b]')],
  ['the other wants no key of the organization', flow('One', 'customer_required', '[]')],
  ['the other lacks keys altogether, which is another fault', flow('One', 'organization', '[]')],
  [
    'no delivery is for the other',
    `${flow('One', 'unsecured', '[]')}${flow('Timed', 'organization', '[c]', SCHEDULE)}`,
  ],
])('does not where %s', (_where, other) => {
  expect(ofKeys(text([flow('Sort', 'organization', '[a, b]'), other]))).toEqual([]);
});

test('does not where each flow has an address of its own, or the preprocess flow asks for no such key', () => {
  const other = flow('One', 'organization', '[c]');
  expect(ofKeys(text([flow('Sort', 'organization', '[a]'), other], 'flow_specific'))).toEqual([]);
  expect(ofKeys(text([flow('Sort', 'unsecured', '[a]'), other]))).toEqual([]);
});

test('warns of keys of customers at the preprocess flow of an address that they share, which nothing checks', () => {
  const one = flow('One', 'customer_required', '[]');
  const { text: source, ...at } = marked(
    text([flow('Sort', '«customer_required', '[]'), one], 'shared_instance'),
  );
  expect(
    faultsOf(source)
      .filter(({ code }) => code === 'unchecked_api_key')
      .map(place),
  ).toEqual([{ code: 'unchecked_api_key', severity: 'warning', ...at }]);
  for (const fine of [
    text([flow('Sort', 'organization', '[a]'), one], 'shared_instance'),
    text([flow('Sort', 'customer_required', '[]'), one]),
  ])
    expect(faultsOf(fine).map(({ code }) => code)).not.toContain('unchecked_api_key');
});
