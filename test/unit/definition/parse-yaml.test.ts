import { describeFault, parseDefinition } from '../../../src/definition';
import { HOOK, marked, place, withSteps } from './texts';

test.each([
  ['an unclosed list', 'yaml_syntax', 'definitionVersion: 7\nname: Test\nflows: [a, b\n«'],
  ['a tab as indentation', 'yaml_syntax', 'definitionVersion: 7\nflows:\n«\t- name: x\n'],
  ['an unknown tag', 'yaml_tag', 'definitionVersion: 7\nname: «!secret x\nflows: []\n'],
  ['a second document', 'several_documents', 'name: x\n«---\nname: y\n'],
  ['YAML 1.1', 'yaml_version', '«%YAML 1.1\n---\nname: x\n'],
  ['no content', 'empty', '«# only a comment\n'],
  ['a list', 'not_a_definition', '«- a\n'],
  ['a scalar', 'not_a_definition', '«just text\n'],
])('refuses %s', (_what, code, source) => {
  const { text, line, column } = marked(source);
  const { definition, faults } = parseDefinition(text);
  expect(definition).toBeUndefined();
  expect(faults.map(place)).toEqual([{ code, severity: 'error', line, column }]);
});

test('reports all faults of the YAML at once', () => {
  const { faults } = parseDefinition('a: b: c\nd: !secret x\ne: @at\n');
  expect(faults.map(({ line, code }) => `${line} ${code}`)).toEqual([
    '1 yaml_syntax',
    '2 yaml_tag',
    '3 yaml_syntax',
  ]);
});

test.each([
  ['a key that stands twice', 'duplicate_key', '{a: 1, «a: 2}'],
  ['a key that stands twice, first without value', 'duplicate_key', '{a: , «a: 2}'],
  ['a mapping as a key', 'yaml_key', '{«{a: 1}: 2}'],
  ['the key __proto__', 'yaml_key', '{«__proto__: {polluted: yes}}'],
  ['a merge key', 'yaml_key', '{«<<: {a: 1}}'],
  ['an alias without an anchor', 'yaml_alias', '«*nothing'],
  ['an alias within what it stands for', 'yaml_alias', '&a [«*a]'],
])('refuses %s, and checks the rest all the same', (_what, code, value) => {
  const { text, line, column } = marked(`${withSteps(HOOK)}extra: ${value}\nname2: x\nlabels: wrong\n`);
  const { definition, faults } = parseDefinition(text);
  expect(definition?.name).toBe('Test');
  expect(faults.filter(({ severity }) => severity === 'error').map(place)).toEqual([
    { code, severity: 'error', line, column },
    { code: 'wrong_type', severity: 'error', line: line + 2, column: 9 },
  ]);
});

test('a hostile key changes no prototype', () => {
  const { definition } = parseDefinition(
    `${withSteps(HOOK)}__proto__: {polluted: 1}\nconstructor: {prototype: {polluted: 1}}\n`,
  );
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.getPrototypeOf(definition)).toBe(Object.prototype);
  expect(definition).not.toHaveProperty('polluted');
});

test('reads an alias as what it stands for, and places its faults at the anchor', () => {
  const { text, line, column } = marked(
    withSteps(`
${HOOK}
- name: One
  action: &get {key: get, component: {key: http, isPublic: «maybe}}
- name: Two
  action: *get
`),
  );
  const { definition, faults } = parseDefinition(text);
  expect(definition?.flows[0]?.steps[2]?.action.component.key).toBe('http');
  expect(
    faults.map(({ code, path, ...rest }) => ({ code, path, line: rest.line, column: rest.column })),
  ).toEqual(
    [1, 2].map((index) => ({
      code: 'wrong_type',
      path: `flows.0.steps.${index}.action.component.isPublic`,
      line,
      column,
    })),
  );
});

test('keeps unknown keys, and takes an empty one for not given', () => {
  const { definition, faults } = parseDefinition(`${withSteps(HOOK)}future: {a: [1, 2]}\ndescription:\n`);
  expect(faults).toEqual([]);
  expect(definition).toMatchObject({ future: { a: [1, 2] }, description: '' });
});

const LEVELS = 1_000;
const bomb = ['a: &a [x, x, x, x, x, x, x, x, x]'];
for (const [index, name] of 'bcdefghij'.split('').entries()) {
  bomb.push(`${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(', ')}]`);
}

test.each([
  ['ten megabytes', 'too_large', 'a: b\n'.repeat(2_000_000)],
  ['two million line ends', 'too_large', '\n'.repeat(2_000_000)],
  ['two million closing brackets', 'too_large', ']'.repeat(2_000_000)],
  ['a bomb of aliases', 'too_large', bomb.join('\n')],
  ['few aliases of a large list', 'too_large', `a: &a [${'x,'.repeat(20_000)}]\nb: [${'*a,'.repeat(20)}]`],
  ['lists nested by brackets', 'too_deep', '['.repeat(LEVELS) + ']'.repeat(LEVELS)],
  ['a million open brackets', 'too_deep', '['.repeat(1_000_000)],
  ['lists nested by dashes', 'too_deep', `${'- '.repeat(LEVELS)}x`],
  [
    'mappings nested by indentation',
    'too_deep',
    Array.from({ length: LEVELS }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  ],
  ['keys nested by question marks', 'too_deep', `${'? '.repeat(LEVELS)}x`],
])('refuses %s within seconds, with one fault', (_what, code, text) => {
  const started = Date.now();
  const { definition, faults } = parseDefinition(text);
  expect(Date.now() - started).toBeLessThan(10_000);
  expect(definition).toBeUndefined();
  expect(faults.map((fault) => fault.code)).toEqual([code]);
});

test('follows aliases of aliases no deeper than the limit', () => {
  const lines = ['a0: &a0 [x]'];
  for (let i = 1; i < 250; i++) lines.push(`a${i}: &a${i} [*a${i - 1}]`);
  expect(parseDefinition(lines.join('\n')).faults.map(({ code }) => code)).toEqual(['too_large']);
});

test('says on which line a text becomes too large', () => {
  const { faults } = parseDefinition('a: b\n'.repeat(100_000));
  expect(faults[0]).toMatchObject({ code: 'too_large', line: 35_715, column: expect.any(Number) });
});

test('lists 200 errors and counts the others', () => {
  const { faults } = parseDefinition(
    `definitionVersion: 7\nname: x\nflows:\n${'  - {name: a, steps: [1]}\n'.repeat(300)}`,
  );
  expect(faults).toHaveLength(201);
  expect(faults.at(-1)).toMatchObject({ code: 'too_many_faults', severity: 'error' });
  expect(faults.at(-1)?.message).toMatch(/^\d+ further errors are not listed\.$/);
});

test('shows hostile names on one line, shortened', () => {
  const { faults } = parseDefinition(
    `definitionVersion: 7\nname: x\nflows:\n  - name: "a\\n${'b'.repeat(10_000)}"\n    steps: []\n`,
  );
  expect(faults.map(({ code }) => code)).toEqual(['long_name', 'no_steps']);
  const [line = ''] = faults.map(describeFault);
  expect(line).not.toContain('\n');
  expect(line.length).toBeLessThan(1_000);
});
