import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from '../../../src/cli/run-cli';

const HOOK =
  '{name: Hook, isTrigger: true, action: {key: webhook, component: {key: webhook-triggers, isPublic: true}}}';
const withSteps = (...steps: string[]) =>
  `definitionVersion: 7\nname: Shop\nflows:\n  - name: Main\n    steps:\n${[HOOK, ...steps].map((one) => `      - ${one}\n`).join('')}`;
const log = (name: string, inputs: string) =>
  `{name: ${name}, action: {key: writeLog, component: {key: log, isPublic: true}}, inputs: {${inputs}}}`;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tenon-cli-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const run = (...argv: string[]) => runWith('', ...argv);

async function runWith(input: string, ...argv: string[]) {
  const said = { out: '', err: '' };
  const code = await runCli(argv, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    stdin: async function* () {
      yield Buffer.from(input);
    },
    cwd: folder,
  });
  return { code, ...said };
}

const write = (name: string, text: string | Uint8Array): string => {
  writeFileSync(join(folder, name), text);
  return name;
};

test('shows all faults of a file at once with place, code and hint, and exits with 1', async () => {
  const file = write(
    'faulty.yml',
    withSteps(
      log('A', 'mesage: {type: value, value: x}'),
      log('B', 'message: {type: configVar, value: Nobody}'),
      '{name: C, action: {key: writelog, component: {key: log, isPublic: true}}}',
    ).replace('name: Main', 'name: Main\n    retryConfig: {maxAttempts: 99}'),
  );
  const { code, out, err } = await run('validate', file);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out.split('\n').filter((line) => line.startsWith(file))).toEqual([
    expect.stringMatching(/^faulty\.yml:5:\d+ error \w+ .*maxAttempts/),
    expect.stringMatching(/^faulty\.yml:8:\d+ warning missing_input Step "A": /),
    expect.stringMatching(/^faulty\.yml:8:\d+ error unknown_input Step "A": /),
    expect.stringMatching(/^faulty\.yml:9:\d+ error unknown_config_var Step "B": /),
    expect.stringMatching(/^faulty\.yml:10:\d+ error unknown_action Step "C": /),
    'faulty.yml: 4 errors, 1 warning',
  ]);
  expect(out).toContain('Did you mean "message"?');
});

test('gives the same as JSON', async () => {
  const good = write('good.yml', withSteps(log('A', 'message: {type: value, value: x}')));
  const bad = write('bad.yml', 'definitionVersion: 7\nname: [\n');
  const { code, out } = await run('validate', '--json', good, bad);
  expect(code).toBe(1);
  const { isValid, faults } = JSON.parse(out) as { isValid: boolean; faults: Record<string, unknown>[] };
  expect(isValid).toBe(false);
  expect(faults.length).toBeGreaterThan(0);
  for (const fault of faults) {
    expect(fault).toMatchObject({
      file: 'bad.yml',
      code: 'yaml_syntax',
      severity: 'error',
      line: expect.any(Number),
      column: expect.any(Number),
      message: expect.stringMatching(/./),
      hint: expect.stringMatching(/./),
    });
  }
});

test('warns of what cannot be looked up offline, and of oddities, without failing', async () => {
  const file = write(
    'odd.yml',
    withSteps(
      log('A', 'message: {type: reference, value: trigger.results.body}').replace(
        'isPublic: true',
        'isPublic: true, version: 8',
      ),
      '{name: B, action: {key: send, component: {key: some-crm, isPublic: false, version: 4}}, inputs: {x: {type: value, value: y}}}',
    ),
  );
  const { code, out } = await run('validate', file, '--json');
  expect(code).toBe(0);
  const { isValid, faults } = JSON.parse(out) as {
    isValid: boolean;
    faults: { code: string; severity: string }[];
  };
  expect(isValid).toBe(true);
  expect(faults.map(({ severity }) => severity)).toEqual(['warning', 'warning', 'warning']);
  expect(faults.map((fault) => fault.code).sort()).toEqual([
    'unchecked_component',
    'unknown_reference',
    'version_substituted',
  ]);
});

test('says which built-in component a mistyped one may mean', async () => {
  const typo =
    '{name: B, action: {key: writeLog, component: {key: lgo, isPublic: true, version: LATEST}}, inputs: {}}';
  const file = write('typo.yml', withSteps(typo));
  const { faults } = JSON.parse((await run('validate', file, '--json')).out) as {
    faults: { hint: string }[];
  };
  expect(faults.map(({ hint }) => hint)).toContainEqual(expect.stringMatching(/^Did you mean "log"/));
});

test.each([
  ['a file that is not there', ['validate', 'nowhere.yml'], /nowhere\.yml: there is no such file/],
  ['no file', ['validate'], /no file is named/],
  ['an unknown command', ['vaildate', 'x'], /no command "vaildate"/],
  ['an unknown option', ['validate', '--jsn', 'x'], /--jsn/],
])('exits with 2 for %s', async (_what, argv, message) => {
  const { code, out, err } = await run(...argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(message);
});

test('exits with 2 for bytes that are no text', async () => {
  const { code, err } = await run('validate', write('bytes.yml', Uint8Array.of(0xff, 0xfe, 0x00)));
  expect(code).toBe(2);
  expect(err).toContain('no UTF-8 text');
});

const GOOD = withSteps(log('A', 'message: {type: value, value: x}'));

test('checks standard input', async () => {
  expect(await runWith(GOOD, 'validate', '-')).toEqual({
    code: 0,
    out: '(standard input): 0 errors, 0 warnings\n',
    err: '',
  });
  expect((await runWith('', 'validate', '-')).code).toBe(1);
});

test('checks all definitions of a folder, in order, and follows no link', async () => {
  mkdirSync(join(folder, 'all/inner/node_modules'), { recursive: true });
  mkdirSync(join(folder, 'all/.git'));
  write('all/b.yml', GOOD);
  write('all/inner/a.YAML', 'definitionVersion: 7\n');
  write('all/notes.md', 'no definition');
  write('all/.git/x.yml', '[');
  write('all/inner/node_modules/x.yml', '[');
  symlinkSync(join(folder, 'all'), join(folder, 'all/inner/again'));
  const { code, out } = await run('validate', 'all');
  expect(code).toBe(1);
  expect([...new Set(out.match(/^\S+?(?=:\d)/gm))]).toEqual([join('all', 'inner', 'a.YAML')]);
  expect(out).toMatch(/^2 definitions: \d errors, 0 warnings$/m);
});

test('checks what can be read beside what cannot, and exits with 2', async () => {
  const good = write('readable.yml', GOOD);
  mkdirSync(join(folder, 'empty'));
  const { code, out, err } = await run('validate', 'nowhere.yml', good, 'empty');
  expect(code).toBe(2);
  expect(out).toBe('readable.yml: 0 errors, 0 warnings\n');
  expect(err).toBe(
    'tenon: nowhere.yml: there is no such file\ntenon: empty: the folder has no .yml or .yaml file\n',
  );
  const json = await run('validate', '--json', 'nowhere.yml', good);
  expect(json.code).toBe(2);
  expect(JSON.parse(json.out)).toMatchObject({
    isValid: false,
    faults: [{ file: 'nowhere.yml', code: 'unreadable_file', severity: 'error', line: 1, column: 1 }],
  });
});

test.each([
  ['an empty file', '', 'empty'],
  ['a file of comments', '# nothing yet\n', 'empty'],
  ['a text that is no definition', 'services: {web: {image: x}}\n', 'missing_key'],
  ['a file with a byte order mark', `\ufeff${GOOD}`, undefined],
])('tells what is wrong with %s', async (_what, text, expected) => {
  const { code, out } = await run('validate', '--json', write('odd.yaml', text));
  const { faults } = JSON.parse(out) as { faults: { code: string }[] };
  expect(faults[0]?.code).toBe(expected);
  expect(code).toBe(expected === undefined ? 0 : 1);
});

test('reads nothing without an end to its end', async () => {
  async function* endless() {
    for (;;) yield new Uint8Array(8 * 1024 * 1024);
  }
  let said = '';
  const host = { out: () => undefined, err: (text: string) => (said += text), stdin: endless, cwd: folder };
  expect(await runCli(['validate', '-'], host)).toBe(2);
  expect(said).toContain('it has more than 67108864 bytes');
});

test('warns of code that does not compile, at its place, and exits with 0', async () => {
  const file = write(
    'code.yml',
    `${withSteps()}      - name: Code
        action: {key: runCode, component: {key: code, isPublic: true}}
        inputs:
          code:
            type: value
            value: |
              let a;
              let a;
`,
  );
  const { code, out } = await run('validate', file);
  expect(code).toBe(0);
  expect(out).toMatch(/14:19.*bad_code/s);
});
