import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { definitionJsonSchema } from '../../../src/definition';
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
