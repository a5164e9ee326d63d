import type { PlanInput } from '../../../src/engine/plan';
import { get, planOf, reference, stepsOf, value } from './plan-of';
import { behindHook } from './texts';

/** The compiled form of one input of `http.get`. */
function inputOf(key: string, input: string): PlanInput | undefined {
  const variables =
    'requiredConfigVars: [{key: Shop, dataType: connection, connection: {key: apiKey, component: {key: http, isPublic: true}}}, {key: Base URL, dataType: string}]\n';
  const text = behindHook(
    `- {name: A, action: {key: get, component: {key: http, isPublic: true}}, inputs: {url: {type: value, value: u}, ${key}: ${input}}}`,
    variables,
  );
  return stepsOf(text.replace('url: {type: value, value: u}, url:', 'url:'))[0]?.inputs[key];
}

test.each<[string, string, string, unknown]>([
  ['text', 'url', '{type: value, value: "0"}', value('0')],
  ['a structured object', 'address', `{type: value, value: '{"city": "Bonn"}'}`, value({ city: 'Bonn' })],
  ['a structured object that is none', 'address', '{type: value, value: "[1]"}', value('[1]')],
  ['empty text, in place of a default', 'timeout', '{type: value, value: ""}', value('')],
  ['text without quotes', 'timeout', '{type: value, value: 5}', value('5')],
  [
    'a reference',
    'url',
    '{type: reference, value: "hook.results.headers.X-Id"}',
    reference('hook', 'results', 'headers', 'X-Id'),
  ],
  ['an empty reference', 'connection', '{type: reference, value: ""}', reference()],
  ['a config variable', 'connection', '{type: configVar, value: Shop}', { kind: 'configVar', key: 'Shop' }],
  [
    'a config variable that is not set',
    'connection',
    '{type: configVar, value: ""}',
    { kind: 'configVar', key: '' },
  ],
  ['empty text for a connection', 'connection', '{type: value, value: ""}', undefined],
  [
    'a template',
    'url',
    '{type: template, value: "{{#Base URL}}/{{$hook.results.id}}"}',
    {
      kind: 'template',
      parts: [
        { kind: 'configVar', key: 'Base URL' },
        { kind: 'text', text: '/' },
        reference('hook', 'results', 'id'),
      ],
    },
  ],
  ['a template without placeholders', 'url', '{type: template, value: "{ x }"}', value('{ x }')],
  [
    'a value list',
    'tags',
    '{type: complex, value: [{type: value, value: a}, {name: x, type: reference, value: hook.results}]}',
    {
      kind: 'list',
      items: [value('a'), reference('hook', 'results')],
    },
  ],
  ['an empty value list', 'tags', '{type: complex, value: []}', { kind: 'list', items: [] }],
  [
    'a list in a list',
    'tags',
    '{type: complex, value: [{type: complex, value: [{type: value, value: a}]}, [{type: value, value: b}]]}',
    {
      kind: 'list',
      items: [
        { kind: 'list', items: [value('a')] },
        { kind: 'list', items: [value('b')] },
      ],
    },
  ],
  [
    'a key-value list',
    'headers',
    '{type: complex, value: [{name: A, type: value, value: a}, {name: {type: reference, value: hook.results.n}, type: configVar, value: Base URL}]}',
    {
      kind: 'pairs',
      items: [
        { name: value('A'), value: value('a') },
        { name: reference('hook', 'results', 'n'), value: { kind: 'configVar', key: 'Base URL' } },
      ],
    },
  ],
  [
    'rows without a name',
    'headers',
    '{type: complex, value: [{name: "", type: value, value: ""}, {type: value, value: x}, {name: A, type: value, value: ""}]}',
    {
      kind: 'pairs',
      items: [{ name: value('A'), value: value('') }],
    },
  ],
  [
    'named entries where no list is declared',
    'shape',
    '{type: complex, value: [{name: A, type: value, value: a}]}',
    {
      kind: 'pairs',
      items: [{ name: value('A'), value: value('a') }],
    },
  ],
  [
    'entries where no list is declared',
    'shape',
    '{type: complex, value: [{name: "", type: value, value: a}]}',
    {
      kind: 'list',
      items: [value('a')],
    },
  ],
])('compiles %s', (_what, key, input, expected) => {
  expect(inputOf(key, input)).toEqual(expected);
});

test('compiles the conditions of a branch to pairs of a name and an expression', () => {
  const [step] = stepsOf(
    behindHook(`
- name: Choose
  action: {key: branchOnExpression, component: {key: branch, isPublic: true}}
  inputs:
    conditions:
      type: complex
      value:
        - name: Yes
          type: complex
          value:
            - and
            - - equal
              - {name: "", type: reference, value: hook.results.a}
              - {name: "", type: value, value: "1"}
            - - or
              - - exists
                - {type: configVar, value: ""}
  branches: [{name: Yes}, {name: Else}]
`),
  );
  expect(step?.inputs.conditions).toEqual({
    kind: 'pairs',
    items: [
      {
        name: value('Yes'),
        value: {
          kind: 'expression',
          operator: 'and',
          terms: [
            { kind: 'expression', operator: 'equal', terms: [reference('hook', 'results', 'a'), value('1')] },
            {
              kind: 'expression',
              operator: 'or',
              terms: [{ kind: 'expression', operator: 'exists', terms: [{ kind: 'configVar', key: '' }] }],
            },
          ],
        },
      },
    ],
  });
  expect(step?.reads).toEqual(['hook']);
});

test('reads a mapping or list in the place of text as it is', () => {
  expect(inputOf('timeout', '{type: value, value: [a, {b: 1}]}')).toEqual(value(['a', { b: 1 }]));
  expect(inputOf('address', '{type: value, value: {city: X}}')).toEqual(value({ city: 'X' }));
  expect(inputOf('tags', '{type: complex, value: ""}')).toEqual({ kind: 'list', items: [] });
});

test('gives a field of a connection a mapping as JSON text', () => {
  const variable =
    'requiredConfigVars: [{key: Shop, dataType: connection, connection: {key: apiKey, component: {key: http, isPublic: true}}, inputs: {host: {type: value, value: {a: 1}}}}]\n';
  expect(JSON.stringify(planOf(behindHook(`- ${get('A')}`, variable)).configVars)).toContain(
    JSON.stringify({ value: '{"a":1}' }).slice(1, -1),
  );
});
