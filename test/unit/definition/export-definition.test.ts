import * as fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { exportDefinition, parseDefinition } from '../../../src/definition';
import { isAppError } from '../../../src/errors';
import { behindHook, HOOK, withSteps } from './texts';

test('writes the same data in the same order, with configPages, in block style', () => {
  const text = `# a comment
name: "Test" # another
definitionVersion: 0x7
flows: [{steps: &s [], name: 'A'}, {name: B, steps: *s}]
description: >-
  two
  words
future: {2: x, 1: y, empty: , id: 12345678901234567890}
`;
  expect(exportDefinition(text)).toBe(`name: Test
definitionVersion: 7
flows:
  - steps: []
    name: A
  - name: B
    steps: []
description: two words
future:
  "2": x
  "1": y
  empty: null
  id: 12345678901234567890
configPages: []
`);
});

test('writes every zero as 0', () => {
  const first = exportDefinition('configPages: []\nzeros: [-0.0, -0, -0e0, 0.0]\n');
  expect(parse(first)).toEqual({ configPages: [], zeros: [0, 0, 0, 0] });
  expect(exportDefinition(first)).toBe(first);
});

test.each(['configPages: [{name: P, elements: []}]', 'configPages:\n  - {name: P, elements: []}'])(
  'keeps the pages of %j where they are',
  (pages) => {
    const text = exportDefinition(`${pages}\nname: x\n`);
    expect(text).toBe('configPages:\n  - name: P\n    elements: []\nname: x\n');
  },
);

test('writes code as readable lines, and keeps white space that lines cannot show', () => {
  const text = exportDefinition(
    JSON.stringify({ configPages: [], code: 'if (a) {\n\tb();\n}\n', odd: ' \n', tab: '\t' }),
  );
  expect(text).toBe('configPages: []\ncode: |\n  if (a) {\n  \tb();\n  }\nodd: "\\ \\n"\ntab: "\\t"\n');
});

test('asks for the latest version of every component where that is wanted, and changes nothing else', () => {
  const text = behindHook(
    '- {name: A, action: {component: {isPublic: false, signature: abc, key: crm}, key: get}, inputs: {component: {type: value, value: x}}}',
    `requiredConfigVars:
  - {key: C, dataType: connection, connection: {key: apiKey, component: {key: http, version: 3, isPublic: true, signature: abc}}}
  - {key: D, dataType: picklist, dataSource: {key: list, component: {key: http, isPublic: true}}}
`,
  ).replace(
    'name: Main\n',
    'name: Main\n    supplementalComponents: [{key: crm, isPublic: false, signature: abc}]\n',
  );
  const latest = parse(exportDefinition(text, { latestComponents: true })) as Record<string, unknown>;
  const expected = parse(exportDefinition(text)) as typeof latest;
  expect(JSON.stringify(latest)).toBe(
    JSON.stringify(expected)
      .replace(
        '"isPublic":false,"signature":"abc","key":"crm"',
        '"isPublic":false,"version":"LATEST","key":"crm"',
      )
      .replace('"version":3,"isPublic":true,"signature":"abc"', '"version":"LATEST","isPublic":true')
      .replace(
        '"key":"list","component":{"key":"http","isPublic":true}',
        '"key":"list","component":{"key":"http","isPublic":true,"version":"LATEST"}',
      )
      .replace('"key":"hooks","isPublic":true', '"key":"hooks","isPublic":true,"version":"LATEST"')
      .replace(
        '"key":"crm","isPublic":false,"signature":"abc"',
        '"key":"crm","isPublic":false,"version":"LATEST"',
      ),
  );
});

test('gives text that reads back without new faults', () => {
  const text = exportDefinition(withSteps(HOOK));
  expect(parseDefinition(text).faults).toEqual([]);
});

test.each([
  ['broken YAML', 'a: ['],
  ['a list', '- a'],
  ['nothing', ''],
  ['a key that stands twice', 'a: 1\na: 2'],
  ['a hostile key', '__proto__: {}'],
  ['a nest of lists', '['.repeat(1_000)],
])('refuses %s with a clear error', (_what, text) => {
  let thrown: unknown;
  try {
    exportDefinition(text);
  } catch (error) {
    thrown = error;
  }
  expect(isAppError(thrown)).toBe(true);
  expect(thrown).toMatchObject({ code: 'invalid_definition' });
});

const key = fc
  .string({ unit: 'binary', minLength: 1 })
  .filter((text) => text !== '__proto__' && text !== '<<');
const scalar = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.stringMatching(/^[ \n\t"':#\-?|>&*!%@`0-9eE.~yn[\]{},]*$/),
  fc.lorem({ mode: 'sentences', maxCount: 8 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0),
  fc.boolean(),
);
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 3 },
    scalar,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(key, tie('data'), { maxKeys: 4 }),
  ),
}));

test('an export of an export is the same text, byte for byte, and keeps all data', () => {
  fc.assert(
    fc.property(
      fc.dictionary(key, data, { maxKeys: 4 }),
      fc.boolean(),
      fc.boolean(),
      (content, latestComponents, isFlow) => {
        const text = isFlow ? JSON.stringify(content) : stringify(content);
        const first = exportDefinition(text, { latestComponents });
        expect(exportDefinition(first, { latestComponents })).toBe(first);
        expect(exportDefinition(first)).toBe(first);
        // Other writers change some white space; JSON does not.
        if (latestComponents || !isFlow) return;
        const { configPages, ...kept } = parse(first, { uniqueKeys: false }) as Record<string, unknown>;
        const { configPages: given, ...rest } = content;
        expect(configPages).toEqual(Array.isArray(given) ? given : []);
        expect(kept).toEqual(rest);
      },
    ),
    { numRuns: 200 },
  );
});
