import { outputsByName } from '../../../src/dev/demo/run-sample';
import { parseOptions } from '../../../src/dev/options';
import { describeRun, jsonOf, type StartReport } from '../../../src/dev/report';

const report: StartReport = {
  apiUrl: 'http://127.0.0.1:3000',
  temporalAddress: '127.0.0.1:7233',
  tokenSeconds: 12 * 3600,
  temporalUiUrl: 'http://127.0.0.1:8233/namespaces/default/workflows/w/r/history',
  webhookUrl: 'http://127.0.0.1:3000/trigger/t',
  accessToken: 'token',
  executionId: 'e',
  status: 'SUCCESS',
  error: null,
  durationMs: 420,
  customerName: 'Harbour Books',
  flowName: 'Order received',
  steps: {
    Check: 'Complete',
    Reserve: [{ id: 1 }, { id: 2 }],
    Lines: [1, 2],
    Log: null,
    Long: 'x'.repeat(500),
  },
  loopSteps: ['Reserve'],
};

function print(
  stream: { isTTY?: boolean; columns?: number },
  env: NodeJS.ProcessEnv = {},
  argv: string[] = [],
) {
  const options = parseOptions(argv, {}, '/checkout');
  return describeRun(report, { stream: { write() {}, ...stream }, options, checkout: '/checkout', env });
}

describe('what npm start prints', () => {
  test('has every address and no control characters in a file', () => {
    const text = print({});
    for (const part of [
      report.apiUrl,
      report.temporalUiUrl!,
      `curl -sS ${report.webhookUrl}`,
      'export PRISMATIC_URL=http://127.0.0.1:3000\n',
      'export PRISM_ACCESS_TOKEN=token\n  npx prism instances:list\n',
      '(the token is valid for 12 hours)',
      '.tenon/logs',
      'SUCCESS in 0.42 s',
    ]) {
      expect(text).toContain(part);
    }
    expect(text).not.toContain('\x1b');
  });

  test('aligns the steps, counts those of a loop, and cuts long outputs', () => {
    const lines = print({ columns: 60 }).split('\n').slice(3, 9);
    expect(lines).toEqual([
      '  Check      Complete',
      '  Reserve 1  {"id":1}',
      '  Reserve 2  {"id":2}',
      '  Lines      [1,2]',
      '  Log        –',
      `  Long       ${'x'.repeat(45)}…`,
    ]);
  });

  test('fits a usual page when the terminal does not know its width', () => {
    expect(print({ columns: 0 })).toBe(print({ columns: 100 }));
  });

  test('is coloured on a terminal, unless NO_COLOR is set', () => {
    expect(print({ isTTY: true })).toContain('\x1b[32mSUCCESS');
    expect(print({ isTTY: true }, { NO_COLOR: '1' })).not.toContain('\x1b');
  });

  test('as JSON is one line with the fields that scripts read', () => {
    expect(jsonOf(report)).not.toContain('\n');
    expect(JSON.parse(jsonOf(report))).toEqual({
      apiUrl: report.apiUrl,
      temporalUiUrl: report.temporalUiUrl,
      temporalAddress: report.temporalAddress,
      webhookUrl: report.webhookUrl,
      accessToken: 'token',
      executionId: 'e',
      status: 'SUCCESS',
      error: null,
      steps: report.steps,
    });
  });
});

test('outputs come in the order in which the steps finished, those of a loop as a list', () => {
  const step = (name: string, output: unknown, loopPath = '', error: string | null = null) => ({
    name,
    loopPath,
    output,
    error: error === null ? null : { message: error },
  });
  const outputs = outputsByName([
    step('First', 'a'),
    step('Body', 'x', 'loop:0'),
    step('Body', null, 'loop:1', 'broken'),
    step('Loop', ['x']),
  ]);
  expect(Object.entries(outputs)).toEqual([
    ['First', 'a'],
    ['Body', ['x', { error: 'broken' }]],
    ['Loop', ['x']],
  ]);
});
