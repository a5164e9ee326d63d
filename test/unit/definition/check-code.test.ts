import { builtinLookup } from '../../../src/cli/builtin-lookup';
import { syntaxFault } from '../../../src/components/builtin/code/compile-snippet';
import { checkDefinition, type Fault, parseDefinition } from '../../../src/definition';
import { marked } from './texts';

const TRIGGER =
  '{name: Trigger, isTrigger: true, action: {key: webhook, component: {key: webhook-triggers, isPublic: true}}}';
const CODE = 'action: {key: runCode, component: {key: code, isPublic: true}}';

const flow = (step: string) => `definitionVersion: 7
name: Test
flows:
  - name: Main
    steps:
      - ${TRIGGER}
      - name: Code
        ${CODE}
        inputs:
          code:
${step}
`;

function faultsOf(text: string): Fault[] {
  const { definition, faults } = parseDefinition(text);
  if (!definition) throw new Error(JSON.stringify(faults));
  return [...faults, ...checkDefinition(definition, builtinLookup(), { compileCode: syntaxFault })];
}

const literal = (mark: string, code: string) =>
  flow(`            type: value
            value: ${mark}
${code}`);

describe('code that cannot be compiled', () => {
  it.each([
    [
      'in a block, at its line and column',
      literal(
        '|',
        '              module.exports = async () => {\n                const a = «;\n              };',
      ),
    ],
    [
      'in a block that keeps its end and has empty lines',
      literal('|+  # code', '\n              let a;\n\n              let «a;\n\n'),
    ],
    ['in a block with a mark of its indentation', literal('|2-', '                module.exports = «)')],
    ['that is a module of the other kind', literal('|', '              «export default async () => 1;')],
    [
      'in the code of a trigger',
      `definitionVersion: 7
name: Test
flows:
  - name: Main
    steps:
      - name: Trigger
        isTrigger: true
        action: {key: runCodeTrigger, component: {key: code, isPublic: true}}
        inputs:
          code:
            type: value
            value: |
              a «b
`,
    ],
    [
      'in quotes, where the quotes begin',
      flow(`            type: value\n            value: «"let a;\\nlet a;"`),
    ],
    [
      'in a folded block, where that begins',
      flow(`            type: value\n            value: «>\n              let a;\n\n              let a;`),
    ],
    [
      'in the data source of a config variable',
      `definitionVersion: 7
name: Test
requiredConfigVars:
  - key: Form
    dataType: jsonForm
    dataSource: {key: runCodeJsonForm, component: {key: code, isPublic: true}}
    inputs:
      code:
        type: value
        value: |
          module.exports = async () => {
            return «};
          }}
flows:
  - name: Main
    steps:
      - ${TRIGGER}
`
        .replace('return «};', 'return 1;')
        .replace('}}\nflows', '}«}\nflows'),
    ],
  ])('%s, is warned of', (_what, source) => {
    const { text, line, column } = marked(source);
    const found = faultsOf(text).filter(({ code }) => code !== 'unplaced_config_var');
    expect(found).toMatchObject([{ code: 'bad_code', severity: 'warning', line, column }]);
    expect(found[0]?.message).toMatch(/^The code cannot be compiled: .* \(line \d+ of the code\)$/);
  });

  it('is found though an alias stands for it', () => {
    const text = literal('&text |', '              let a;\n              let a;').replace(
      /$/,
      `      - {name: Again, ${CODE}, inputs: {code: {type: value, value: *text}}}\n`,
    );
    expect(faultsOf(text).map(({ code, line }) => [code, line])).toEqual([
      ['bad_code', 14],
      ['bad_code', 14],
    ]);
  });
});

describe('code that can be compiled', () => {
  it.each([
    ['an export', 'module.exports = async (context, { trigger }) => ({ data: trigger });'],
    ['a return at its top', 'return { data: 1 };'],
    ['an import when it runs', 'module.exports = async () => (await import("node:os")).hostname();'],
    ['nothing but a remark', '// later'],
    ['a sound regular expression and a template', 'module.exports = () => `${/[{(]/u.test("x")}`;'],
  ])('is taken with %s, and not run', (_what, code) => {
    expect(faultsOf(literal('|', `              throw new Error("run");\n              ${code}`))).toEqual(
      [],
    );
  });

  it('is not looked at where it is empty, or known only at run time', () => {
    expect(faultsOf(flow('            type: value\n            value: "  "'))).toEqual([]);
    expect(
      faultsOf(flow('            type: template\n            value: "let a; let a; {{$trigger.results}}"')),
    ).toEqual([]);
  });
});
