import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

async function run(...argv: string[]) {
  const said = { out: '', err: '' };
  const code = await runCli(argv, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
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
