import type { ChildProcess } from 'node:child_process';
import { PassThrough } from 'node:stream';
import type { PerformRequest } from '../../../src/components/runner/contract';
import { ProcessOutput } from '../../../src/components/runner/process-output';
import { until } from '../../support/until';

/** More than is kept of what was not told yet. */
const LONG = 20_000;
const SECRET = 'abcdefgh-ijklmnop-qrstuvwx';

describe('what a process prints outside of calls', () => {
  const told: string[] = [];
  const stdout = new PassThrough();

  beforeAll(() => {
    const output = new ProcessOutput({ stdout, stderr: null } as unknown as ChildProcess, (text) =>
      told.push(text),
    );
    const configVars = { Login: { key: 'login', fields: { password: SECRET } } };
    output.remember({ context: { configVars }, params: {} } as unknown as PerformRequest);
  });

  test.each([4, 8, 16, 20])(
    'shows no half of a secret that a long line is cut in, %d signs before its end',
    async (left) => {
      told.length = 0;
      // What is kept begins within the secret.
      const rest = 'x'.repeat(16_384 - left - '\nend\n'.length);
      stdout.write(`${'y'.repeat(LONG)}${SECRET}${rest}\nend\n`);
      await until('it to be told', () => told.length > 0);
      expect(told).toEqual(['end']);
    },
  );

  test('keeps a line without an end until it has one', async () => {
    told.length = 0;
    stdout.write(`${'z'.repeat(LONG)}${SECRET.slice(0, 12)}`);
    stdout.write('first of another\n');
    await new Promise((done) => setTimeout(done, 500));
    stdout.write(`${SECRET}\n`);
    await until('it to be told', () => told.length > 0);
    expect(told).toEqual(['[redacted]']);
  });
});
