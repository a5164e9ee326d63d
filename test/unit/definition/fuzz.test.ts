import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { builtinLookup } from '../../../src/cli/builtin-lookup';
import {
  checkDefinition,
  compilePlan,
  exportDefinition,
  hasErrors,
  identitiesOf,
  parseDefinition,
  parseTemplate,
  splitPath,
} from '../../../src/definition';
import { isAppError } from '../../../src/errors';

/** Milliseconds of processor time: a busy machine makes nothing slower by this clock. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
/** What a text of up to 100 KB may take, and each further KB: the cost grows with the size alone. */
const MOST_MS = 1_000;
const MOST_MS_PER_KB = 15;
/** Characters from which a text is not read once more just to compare. */
const LARGE = 50_000;
const lookup = builtinLookup();
const untouched = Object.getOwnPropertyNames(Object.prototype).sort().join();

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function throws(work: () => unknown): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (isAppError(error)) return true;
    throw error;
  }
}

/** Does it, within the time; once more where the collector of garbage came in between. */
function inTime<Result>(work: () => Result, characters = 0): Result {
  const mostMs = MOST_MS + Math.max(0, characters / 1_000 - 100) * MOST_MS_PER_KB;
  for (let attempt = 1; ; attempt++) {
    const started = cpuMs();
    const result = work();
    const took = cpuMs() - started;
    if (took < mostMs) return result;
    must(attempt < 3, `It took ${took} ms.`);
  }
}

/** Everything that is done with a text; throws only what is meant to be thrown. */
function useText(text: string): void {
  const { definition, faults } = inTime(() => parseDefinition(text), text.length);
  expect(definition !== undefined || hasErrors(faults)).toBe(true);
  for (const { code, message, hint, line, column } of faults) {
    expect([typeof code, typeof message, typeof hint]).toEqual(['string', 'string', 'string']);
    expect(message).toMatch(/\S/);
    expect(line).toBeGreaterThan(0);
    expect(column).toBeGreaterThan(0);
  }
  if (definition !== undefined) {
    const found = [...faults, ...inTime(() => checkDefinition(definition, lookup))];
    if (text.length < LARGE) checkDefinition(definition, lookup, { isOffline: true });
    identitiesOf(definition);
    const isRefused = throws(() => JSON.stringify(compilePlan(definition, lookup)));
    must(isRefused === hasErrors(found), 'What has errors makes no plan, and only that.');
  }
  throws(() => {
    const exported = exportDefinition(text);
    must(text.length >= LARGE || exportDefinition(exported) === exported, 'An export changes no more.');
  });
  expect(Object.getOwnPropertyNames(Object.prototype).sort().join()).toBe(untouched);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
}

const WORDS =
  `definitionVersion name flows steps action component key isPublic inputs type value complex branches
isTrigger schedule requiredConfigVars dataType __proto__ constructor prototype polluted toString hasOwnProperty << webhook
webhook-triggers loop loopOverItems branch branchOnExpression conditions items true null ~ 7 .inf .nan -0 0x1f 0o17 1e999
999999999999999999999999999999 2026-01-01`.split(/\s/);
const JOINTS = [
  ': ',
  '\n',
  '\n  ',
  '\n    - ',
  ', ',
  '[',
  ']',
  '{',
  '}',
  '&a ',
  '*a',
  '? ',
  '!!int ',
  '|\n',
  '>-\n  ',
];
const MORE = [
  '"',
  "'",
  '\t',
  '\u0000',
  '\ufeff',
  '\u2028',
  '%YAML 1.2\n---\n',
  '---\n',
  '...\n',
  '#',
  '\r\n',
  '- ',
];

const yamlLike = fc
  .array(fc.constantFrom(...WORDS, ...JOINTS, ...MORE), { maxLength: 60 })
  .map((parts) => parts.join(''));

test('reads any text to a result or a clear error, in time and without touching a prototype', () => {
  fc.assert(fc.property(fc.oneof(yamlLike, fc.string({ unit: 'binary', maxLength: 400 })), useText), {
    numRuns: 150,
  });
}, 60_000);

const text = fc.oneof(
  fc.constantFrom(...WORDS, '{{$a.results}}', '{{#', '{{$', 'a.results.[".x"]', '', 'Trigger', 'A'),
  fc.string({ maxLength: 12 }),
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    text,
    fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
}));

/** A mapping of known keys whose values are mostly, but not always, of the right kind. */
const loose = (shape: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 12, arbitrary: fc.record(shape, { requiredKeys: [] }) },
    { weight: 1, arbitrary: value },
  );
const input = loose({
  type: fc.constantFrom('value', 'reference', 'configVar', 'template', 'complex', 'dataSource'),
  value,
  name: value,
});
const component = loose({ key: text, isPublic: fc.boolean(), version: value, signature: text });
const steps = (depth: number): fc.Arbitrary<unknown> => {
  const inner = depth === 0 ? fc.constant([]) : steps(depth - 1);
  const step = loose({
    name: text,
    isTrigger: fc.boolean(),
    action: loose({ key: text, component }),
    inputs: fc.dictionary(text, input, { maxKeys: 3 }),
    schedule: loose({ type: fc.constantFrom('value', 'configVar', 'template'), value: text }),
    errorConfig: loose({ errorHandlerType: text, maxAttempts: value }),
    branches: fc.array(loose({ name: text, steps: inner }), { maxLength: 2 }),
    steps: inner,
  });
  return fc.array(step, { maxLength: 2 });
};
const field = fc.oneof(text, input);
const almost = loose({
  definitionVersion: fc.constantFrom(7, 6, 5, '7', null),
  name: text,
  endpointType: fc.constantFrom('flow_specific', 'instance_specific', 'shared_instance', 'x'),
  preprocessFlowName: text,
  flowNameField: field,
  externalCustomerIdField: field,
  isCodeNative: fc.boolean(),
  requiredConfigVars: fc.array(
    loose({
      key: text,
      dataType: fc.constantFrom('string', 'connection', 'schedule', 'jsonForm'),
      connection: loose({ key: text, component, template: text }),
      dataSource: loose({ key: text, component }),
      inputs: fc.dictionary(text, input, { maxKeys: 2 }),
      defaultValue: value,
      meta: value,
    }),
    { maxLength: 2 },
  ),
  configPages: fc.array(loose({ name: text, elements: fc.array(loose({ type: text, value: text })) })),
  renameAttributes: loose({ flows: fc.array(loose({ oldName: text, newName: text }), { maxLength: 2 }) }),
  flows: fc.array(
    loose({
      name: text,
      steps: steps(1),
      retryConfig: loose({ maxAttempts: value, uniqueRequestIdField: field }),
      queueConfig: loose({ type: text, usesFifoQueue: fc.boolean(), dedupeIdField: field }),
      triggerResolver: loose({ enabled: fc.boolean(), batchSize: value }),
      schemas: value,
      supplementalComponents: fc.array(component, { maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

test('reads whatever nearly is a definition to a plan or a clear error', () => {
  fc.assert(
    fc.property(almost, fc.boolean(), (data, isJson) => {
      useText(isJson ? JSON.stringify(data) : stringify(data));
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('splits any path and any template in time', () => {
  const pathLike = fc.array(
    fc.constantFrom('a', '.', '[', ']', '"', "'", '\\', ' ', '0', '__proto__', '{{$', '{{#', '}}'),
    {
      maxLength: 2_000,
    },
  );
  fc.assert(
    fc.property(pathLike, (parts) => {
      const source = parts.join('');
      const segments = inTime(() => splitPath(source));
      expect(segments.every((segment) => segment !== '')).toBe(true);
      const read = inTime(() => parseTemplate(source));
      expect(read.every((part) => part.kind !== 'reference' || part.path.length > 0)).toBe(true);
    }),
    { numRuns: 100 },
  );
}, 60_000);

const many = (count: number, make: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(', ');
const HOOK =
  '{name: Hook, isTrigger: true, action: {key: webhook, component: {key: webhook-triggers, isPublic: true}}}';
const flow = (steps: string, more = ''): string =>
  `definitionVersion: 7\nname: T\n${more}flows: [{name: M, steps: [${HOOK}, ${steps}]}]\n`;
const log = (name: string, input: string): string =>
  `{name: "${name}", action: {key: writeLog, component: {key: log, isPublic: true}}, inputs: {message: ${input}}}`;

test.each<[string, string]>([
  ['aliases of one large list', `a: &a [${'x,'.repeat(2_000)}]\nb: [${'*a,'.repeat(2_000)}]`],
  ['anchors without number', `[${many(20_000, (index) => `&a${index} x`)}]`],
  ['brackets side by side', `${'['.repeat(150)}${'[],'.repeat(32_000)}`],
  ['a long flat list', `a: [${'1,'.repeat(49_000)}]`],
  ['a long flat mapping', many(20_000, (index) => `k${index}: 1`).replaceAll(', ', '\n')],
  ['one key many times', `a: {${many(20_000, () => 'k: 1')}}`],
  ['escapes', `a: "${'\\u0041'.repeat(300_000)}"`],
  ['an endless number', `a: ${'9'.repeat(1_900_000)}`],
  ['an endless hexadecimal number', `a: 0x${'f'.repeat(1_900_000)}`],
  ['an endless exponent', `a: 1e${'9'.repeat(1_900_000)}`],
  ['spaces', `a:${' '.repeat(1_900_000)}b`],
  ['a name without end', flow(log('a b '.repeat(400_000), '{type: value, value: x}'))],
  [
    'a cron expression without end',
    flow('{}').replace(
      'true, action',
      `true, schedule: {type: value, value: "${'*/1,'.repeat(400_000)}* * * * *"}, action`,
    ),
  ],
  ['a template of opening marks', flow(log('A', `{type: template, value: "${'{{$'.repeat(600_000)}"}`))],
  ['a template of empty marks', flow(log('A', `{type: template, value: "${'{{$ }}'.repeat(200_000)}"}`))],
  ['a path of brackets', flow(log('A', `{type: reference, value: "${'['.repeat(1_900_000)}]"}`))],
  ['a path of quotes', flow(log('A', `{type: reference, value: "${"['".repeat(600_000)}]"}`))],
  [
    'a loop in a loop in a loop',
    flow(
      `${'{name: L, action: {key: loopNTimes, component: {key: loop, isPublic: true}}, steps: ['.repeat(45)}${']}'.repeat(45)}`,
    ),
  ],
  [
    'many steps of one unknown component',
    flow(many(1_600, () => '{name: S, action: {key: wrteLog, component: {key: lg, isPublic: true}}}')),
  ],
  [
    'many references to nothing',
    flow(many(1_200, (index) => log(`S${index}`, `{type: reference, value: s${index + 1}x.results}`))),
  ],
  [
    'many config variables',
    flow('{}', `requiredConfigVars: [${many(4_000, (index) => `{key: k${index}, dataType: string}`)}]\n`),
  ],
  [
    'many names on a page',
    flow(
      '{}',
      `configPages: [{name: P, elements: [${many(4_000, (index) => `{type: configVar, value: k${index}}`)}]}]\n`,
    ),
  ],
  [
    'many flows',
    `definitionVersion: 7\nname: T\nflows: [${many(1_000, (index) => `{name: F${index}, steps: [${HOOK}]}`)}]`,
  ],
  [
    'many renames',
    flow(
      '{}',
      `renameAttributes: {flows: [${many(5_000, (index) => `{oldName: a${index}, newName: b${index}}`)}]}\n`,
    ),
  ],
])('stands %s', (_what, hostile) => {
  useText(hostile);
});
