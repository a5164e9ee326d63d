import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { definitionJsonSchema, hasErrors, parseDefinition } from '../../../src/definition';
import { behindHook, HOOK, withSteps } from './texts';

const ROOT = join(__dirname, '../../..');
const validate = new Ajv({ strict: false, allErrors: true }).compile(definitionJsonSchema());
const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => /\.ya?ml$/.test(name))
        .map((name) => join(folder, name))
    : [];
const faultsOf = (text: string) => {
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

test('takes the shipped definitions, which name it for editors', () => {
  const files = filesIn(join(ROOT, 'definitions'));
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    expect({ file, faults: faultsOf(text) }).toEqual({ file, faults: [] });
    const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? '';
    const schema: unknown = JSON.parse(readFileSync(resolve(dirname(file), named), 'utf8'));
    expect(schema).toEqual(JSON.parse(JSON.stringify(definitionJsonSchema())));
  }
});

const examples = filesIn(join(ROOT, '../shared/examples'));
if (examples.length === 0) process.stderr.write('skipped: the public example definitions are not there\n');

(examples.length === 0 ? test.skip : test)('takes the public examples', () => {
  for (const file of examples) {
    expect({ file, faults: faultsOf(readFileSync(file, 'utf8')) }).toEqual({ file, faults: [] });
  }
});

test.each([
  ['a flow without steps', 'definitionVersion: 7\nname: A\nflows: [{name: B}]\n', '/flows/0'],
  ['a wrong version', withSteps(HOOK).replace('Version: 7', 'Version: 5'), '/definitionVersion'],
  [
    'a wrong type of input deep in a loop',
    behindHook(
      '- {name: L, action: {key: l, component: {key: loop, isPublic: true}}, steps: [{name: A, action: {key: a, component: {key: b, isPublic: true}}, inputs: {x: {type: reff}}}]}',
    ),
    '/flows/0/steps/1/steps/0/inputs/x/type',
  ],
  [
    'a limit that is none',
    withSteps(HOOK).replace('name: Main', 'queueConfig: {concurrencyLimit: many}\n    name: Main'),
    '/flows/0/queueConfig/concurrencyLimit',
  ],
])('refuses %s at its place', (_what, text, place) => {
  expect(faultsOf(text)).toEqual(expect.arrayContaining([expect.stringContaining(place)]));
});

test('takes unknown keys, and paths in both ways of writing', () => {
  for (const field of ['headers.x-id', '{type: reference, value: hook.results.id}']) {
    const text = withSteps(HOOK, 'future: 1\n').replace(
      'name: Main',
      `queueConfig: {dedupeIdField: ${field}, later: x}\n    name: Main`,
    );
    expect(faultsOf(text)).toEqual([]);
  }
});

const CODE = '{key: runCode, component: {key: code, isPublic: true}}';
const stepWith = (more: string) => behindHook(`- {name: A, action: ${CODE}, ${more}}`);
const flowWith = (more: string) => withSteps(HOOK).replace('name: Main', `${more}\n    name: Main`);
const rootWith = (more: string) => withSteps(HOOK, `${more}\n`);
const configVar = (more: string) => rootWith(`requiredConfigVars: [{key: K, dataType: string, ${more}}]`);
const pathOf = (field: string) => flowWith(`retryConfig: {maxAttempts: 1, uniqueRequestIdField: ${field}}`);

describe('agrees with the reader of definitions', () => {
  const isRead = (text: string) => !hasErrors(parseDefinition(text).faults);

  test.each([
    ['a version in quotes', withSteps(HOOK).replace('Version: 7', 'Version: "7"')],
    [
      'a component version in small letters',
      withSteps(HOOK).replace('isPublic: true', 'isPublic: true, version: latest'),
    ],
    [
      'a component version as text',
      withSteps(HOOK).replace('isPublic: true', 'isPublic: true, version: "2"'),
    ],
    ['a switch in quotes', flowWith('isSynchronous: "True"')],
    ['an empty switch', flowWith('isSynchronous: ""')],
    ['a name that is a number', withSteps(HOOK).replace('name: Main', 'name: 5')],
    ['a word in capitals', flowWith('endpointSecurityType: Customer_Optional')],
    ['an empty word', rootWith('endpointType: ""')],
    ['keys without a value', rootWith('labels:\nrequiredConfigVars:\nendpointType:')],
    ['an empty mapping for a list', rootWith('labels: {}')],
    ['labels that are numbers', rootWith('labels: [5, true]')],
    ['inputs as an empty list', stepWith('inputs: []')],
    ['an input without a value', stepWith('inputs: {code: }')],
    ['attempts that do not count', stepWith('errorConfig: {errorHandlerType: fail, maxAttempts: 6}')],
    ['attempts in quotes', stepWith('errorConfig: {errorHandlerType: retry, maxAttempts: "3"}')],
    ['a batch size that does not count', flowWith('triggerResolver: {enabled: false, batchSize: 0}')],
    ['a data type in capitals', rootWith('requiredConfigVars: [{key: K, dataType: STRING}]')],
    ['a newer kind of schedule', configVar('scheduleType: month')],
    ['a newer language of code', configVar('codeLanguage: toml')],
    ['a newer element of a page', rootWith('configPages: [{name: P, elements: [{type: newer, value: x}]}]')],
    ['a path without an input type’s text', pathOf('{type: template, value: ""}')],
    ['a complex input that is still empty', stepWith('inputs: {x: {type: complex, value: ""}}')],
    ['a value that is a mapping', stepWith('inputs: {x: {type: value, value: {a: 1}}}')],
    ['a reference that is a number', stepWith('inputs: {x: {type: reference, value: 5}}')],
    [
      'conditions and lists in lists',
      stepWith(
        'inputs: {x: {type: complex, value: [and, [equal, {type: value, value: a}, {type: value, value: b}]]}, y: {type: complex, value: [{name: {type: value, value: n}, type: complex, value: [{type: value, value: a}]}, [[]]]}}',
      ),
    ],
  ])('in taking %s', (_what, text) => {
    expect({ isRead: isRead(text), faults: faultsOf(text) }).toEqual({ isRead: true, faults: [] });
  });

  test.each([
    ['an empty name', withSteps(HOOK).replace(/^name: .*/m, 'name: ""')],
    ['a flow with an empty name', withSteps(HOOK).replace('name: Main', 'name: " "')],
    ['no flows', 'definitionVersion: 7\nname: A\nflows: []\n'],
    ['a flow of no steps', 'definitionVersion: 7\nname: A\nflows: [{name: B, steps: []}]\n'],
    ['a config variable without a key', rootWith('requiredConfigVars: [{key: "", dataType: string}]')],
    ['an unknown operator', stepWith('inputs: {x: {type: complex, value: [nope, {type: value, value: a}]}}')],
    [
      'an unknown operator within another',
      stepWith('inputs: {x: {type: complex, value: [and, [nope, {type: value, value: a}]]}}'),
    ],
    ['a complex input that is text', stepWith('inputs: {x: {type: complex, value: a}}')],
    ['a complex input of texts', stepWith('inputs: {x: {type: complex, value: [{type: value}, a]}}')],
    ['a reference that is a list', stepWith('inputs: {x: {type: reference, value: [a]}}')],
    [
      'a field of a connection that refers to a list',
      configVar('inputs: {x: {type: configVar, value: [a]}}'),
    ],
    ['a path by a template', pathOf('{type: template, value: a}')],
    ['too many attempts', stepWith('errorConfig: {errorHandlerType: retry, maxAttempts: 6}')],
    ['a batch size that counts', flowWith('triggerResolver: {enabled: true, batchSize: 0}')],
    ['an unknown kind of input', stepWith('inputs: {x: {type: reff, value: a}}')],
    ['a switch that is a word', flowWith('isSynchronous: perhaps')],
    ['nothing in the place of a name', withSteps(HOOK).replace('name: Main', 'name: ')],
  ])('in refusing %s', (_what, text) => {
    expect(isRead(text)).toBe(false);
    expect(faultsOf(text)).not.toEqual([]);
  });
});
