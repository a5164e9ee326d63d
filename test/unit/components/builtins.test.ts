import code from '../../../src/components/builtin/code';
import log from '../../../src/components/builtin/log';
import loop from '../../../src/components/builtin/loop';
import sleep from '../../../src/components/builtin/sleep';
import stop from '../../../src/components/builtin/stop-execution';
import webhookTriggers from '../../../src/components/builtin/webhook-triggers';

type Perform = (...args: unknown[]) => Promise<unknown>;
const perform = (component: unknown, kind: 'actions' | 'triggers', key: string): Perform =>
  (component as Record<string, Record<string, { perform: Perform }>>)[kind]![key]!.perform;

describe('webhook', () => {
  const webhook = perform(webhookTriggers, 'triggers', 'webhook');
  const payload = { body: { data: 1 } };
  const empty = { body: '', contentType: '', headers: '', statusCode: '' };

  it('passes the payload on and leaves the answer to the default when nothing is set', async () => {
    expect(await webhook({}, payload, empty)).toEqual({ payload });
  });

  it('answers as its inputs say, with sensible gaps filled', async () => {
    const headers = [
      { key: 'X-One', value: '1' },
      { key: '', value: '' },
    ];
    expect(await webhook({}, payload, { ...empty, body: '{"ok":true}', headers })).toEqual({
      payload,
      response: {
        statusCode: 200,
        contentType: 'application/json',
        headers: { 'X-One': '1' },
        body: '{"ok":true}',
      },
    });
    expect(await webhook({}, payload, { ...empty, body: 'thanks', statusCode: '202' })).toMatchObject({
      response: { statusCode: 202, contentType: 'text/plain', body: 'thanks' },
    });
    const bare = (await webhook({}, payload, { ...empty, statusCode: 204 })) as { response: object };
    expect(bare.response).not.toHaveProperty('body');
  });

  it('refuses a status that is no number', async () => {
    await expect(webhook({}, payload, { ...empty, statusCode: 'ok' })).rejects.toThrow(
      /Response Status Code.*"ok"/,
    );
  });
});

describe('stopExecution', () => {
  it('gives status, type, headers and body of the answer', async () => {
    const stopExecution = perform(stop, 'actions', 'stopExecution');
    const headers = [{ key: 'X-A', value: 'b' }];
    expect(
      await stopExecution({}, { statusCode: '418', contentType: '', headers, jsonBody: { a: 1 } }),
    ).toEqual({
      statusCode: 418,
      contentType: 'application/json',
      headers: { 'X-A': 'b' },
      data: { a: 1 },
    });
  });
});

describe('writeLog', () => {
  const writeLog = perform(log, 'actions', 'writeLog');
  it('writes at the level that is set', async () => {
    const warn = jest.fn();
    await writeLog({ logger: { warn } }, { level: 'warn', message: { a: 1 } });
    expect(warn).toHaveBeenCalledWith('{"a":1}');
  });
  it('names the levels when it is given another', async () => {
    await expect(writeLog({}, { level: 'loud', message: '' })).rejects.toThrow(
      /trace, debug, info, warn, error.*"loud"/,
    );
  });
});

describe('loop and sleep', () => {
  it('leaves loops to the engine', async () => {
    await expect(perform(loop, 'actions', 'loopOverItems')({}, { items: [] })).rejects.toThrow(
      /run by the engine/,
    );
    await expect(perform(loop, 'actions', 'loopNTimes')({}, { iterationCount: '3' })).rejects.toThrow(
      /engine/,
    );
  });
  it('waits as long as it is told', async () => {
    const startedAt = performance.now();
    await perform(sleep, 'actions', 'sleep')({}, { ms: '60' });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(58);
    await expect(perform(sleep, 'actions', 'sleep')({}, { ms: 'long' })).rejects.toThrow(
      /Milliseconds.*"long"/,
    );
  });
});

describe('runCode', () => {
  const runCode = (text: string, context: object = {}) =>
    perform(code, 'actions', 'runCode')(context, { code: text });

  it('calls the exported function with the context and the results of earlier steps', async () => {
    const context = { flow: { name: 'F' }, stepResults: { first: { results: { a: 2 } } } };
    const text =
      'module.exports = async (c, s) => ({ data: [c.flow.name, s.first.results.a, "stepResults" in c] })';
    expect(await runCode(text, context)).toEqual({ data: ['F', 2, false] });
  });

  it('takes exports in their other forms and functions that are not async', async () => {
    expect(await runCode('exports.default = () => ({ data: 1 })')).toEqual({ data: 1 });
    expect(await runCode('module.exports = () => undefined')).toBeUndefined();
  });

  it('gives every run a module of its own', async () => {
    const text = 'let n = 0; module.exports = () => ({ data: ++n })';
    expect(await runCode(text)).toEqual({ data: 1 });
    expect(await runCode(text)).toEqual({ data: 1 });
  });

  it('requires and imports built-in modules, and no packages', async () => {
    const text =
      'const { createHash } = require("crypto"); module.exports = () => ({ data: typeof createHash })';
    expect(await runCode(text)).toEqual({ data: 'function' });
    await expect(runCode('const _ = require("lodash"); module.exports = () => _')).rejects.toThrow(
      /built-in modules of Node.js only, not "lodash"/,
    );
  });

  it.each(['async () => ({ data: 1 })', '', 'module.exports = 5', 'exports.run = () => 1'])(
    'says what to do when nothing is exported: %j',
    async (text) => {
      await expect(runCode(text)).rejects.toThrow(
        /exports no function\. Assign one: module\.exports = async/,
      );
    },
  );

  it('names the line of an error, whether it is thrown or will not compile', async () => {
    await expect(
      runCode('module.exports = async (c) => {\n  const x = 1;\n  return c.nothing.here;\n};'),
    ).rejects.toThrow(/here.*\(line 3 of the code\)/);
    await expect(
      runCode('module.exports = async () => {\n\n  await null;\n  throw new Error("late");\n}'),
    ).rejects.toThrow('late (line 4 of the code)');
    await expect(runCode('\nconst = 3;')).rejects.toThrow(/line 2 of the code/);
  });
});
