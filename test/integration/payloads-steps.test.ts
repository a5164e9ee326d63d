import { createHash } from 'node:crypto';
import { decode } from '@msgpack/msgpack';
import { fileUrl } from '../../src/api/files/file-token';
import type { Execution } from '../../src/store/models/execution.model';
import { decodeOutput } from '../../src/store/output-codec';
import { code, definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { sendBody } from '../support/send-body';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const MB = 1024 * 1024;
const make = (expression: string) =>
  code(
    'Make',
    `module.exports = async (context) => { const MB = 1048576; return { data: ${expression} }; };`,
  );
/** What a later step sees of the first one's result, in a few bytes. */
const look = (name: string) =>
  code(
    name,
    `const { createHash } = require('node:crypto');
    module.exports = async (context, { make }) => {
      const { results } = make;
      const data = Buffer.isBuffer(results?.data) ? results.data : results;
      const bytes = Buffer.isBuffer(data) ? data : Buffer.from(typeof data === 'string' ? data : JSON.stringify(data));
      return { data: {
        type: Buffer.isBuffer(data) ? 'Buffer' : typeof data,
        bytes: bytes.length,
        sha256: createHash('sha256').update(bytes).digest('hex'),
      } };
    };`,
  );
const sleep = step('Sleep', 'sleep.sleep', { ms: value('2500') });
/** The second look is of another segment, which has read the journal. */
const flow = (name: string, expression: string) => ({
  name,
  steps: [make(expression), look('Look'), sleep, look('Look again')],
});

const DEFINITION = definition('Large results', [
  flow('Bytes', 'Buffer.alloc(50 * MB, "binary\\u0000\\u00ff", "latin1")'),
  flow('Text', '"0123456789".repeat(5 * MB)'),
  flow('Json', '{ rows: Array.from({ length: 49 }, (_one, n) => ({ n, text: String(n % 10).repeat(MB) })) }'),
  flow('Mixed', '{ file: Buffer.alloc(200000, 1), list: [{ file: Buffer.from([0, 255]) }] }'),
  { name: 'Bytes over', steps: [make('Buffer.alloc(50 * MB + 1)')] },
  { name: 'Text over', steps: [make('"x".repeat(50 * MB + 1)')] },
  { name: 'Wide text over', steps: [make('"€".repeat(20 * MB)')] },
  { name: 'Twice', steps: [make('Buffer.alloc(MB, 7)'), { ...make('Buffer.alloc(MB, 7)'), name: 'Again' }] },
  {
    name: 'State',
    steps: [
      code(
        'Make',
        "module.exports = async (context) => { context.executionState.a = 'x'.repeat(20 * 1048576); };",
      ),
      sleep,
      code('Look', 'module.exports = async (context) => ({ data: context.executionState.a.length });'),
    ],
  },
  { name: 'Body', steps: [{ ...look('Look'), inputs: { code: value(bodyLook()) } }] },
]);

function bodyLook(): string {
  return `const { createHash } = require('node:crypto');
    module.exports = async (context, { trigger }) => {
      const { rawBody, body } = trigger.results;
      return { data: { isBuffer: Buffer.isBuffer(rawBody.data), bytes: rawBody.data.length,
        sha256: createHash('sha256').update(rawBody.data).digest('hex'),
        body: Buffer.isBuffer(body.data) ? 'Buffer' : Array.isArray(body.data) ? 'list' : typeof body.data } };
    };`;
}

describe('results of up to 50 MB', () => {
  let system: System;
  let subject: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem({ env: { TENON_WEBHOOK_MAX_BYTES: String(50 * MB) } });
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  const run = async (flowName: string): Promise<Execution> => {
    const response = await fetch(subject.webhooks[flowName]!, { method: 'POST', body: '{}' });
    expect(response.status).toBe(200);
    return ended(flowName);
  };
  const ended = (flowName: string) =>
    until(
      `the end of ${flowName}`,
      () =>
        system.deps.store.executions.findOne({ flowName, phase: 'ended' }).sort({ acceptedAt: -1 }).lean(),
      50_000,
    );
  const stepOf = async ({ _id: executionId }: Execution, stepName: string) =>
    (await system.deps.store.stepResults.findOne({ executionId, stepName }).lean())!;
  const seen = async (execution: Execution, stepName: string) =>
    decodeOutput((await stepOf(execution, stepName)).output!).data;
  const download = async (id: string) => {
    const response = await fetch(fileUrl(system.deps, system.ctx.actor, 'step-results', id));
    expect(response.status).toBe(200);
    return decode(Buffer.from(await response.arrayBuffer())) as { data: unknown };
  };
  const hashOf = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');

  test.each([
    ['Bytes', 'Buffer', Buffer.alloc(50 * MB, 'binary\u0000\u00ff', 'latin1')],
    ['Text', 'string', '0123456789'.repeat(5 * MB)],
  ])(
    '%s reach the next step, the step behind a wait and a download as they were',
    async (name, type, data) => {
      const execution = await run(name);
      expect(execution).toMatchObject({ status: 'SUCCESS', error: null });
      const whole = { type, bytes: 50 * MB, sha256: hashOf(data) };
      expect(await seen(execution, 'Look')).toEqual(whole);
      expect(await seen(execution, 'Look again')).toEqual(whole);
      const made = await stepOf(execution, 'Make');
      expect(made).toMatchObject({ output: null, outputBlobId: expect.any(String) });
      expect(made.outputBytes).toBeGreaterThan(50 * MB);
      const { data: downloaded } = await download(made._id);
      const bytes = typeof downloaded === 'string' ? downloaded : Buffer.from(downloaded as Uint8Array);
      expect(typeof downloaded === 'string' ? 'string' : 'Buffer').toBe(type);
      expect(hashOf(bytes)).toBe(whole.sha256);
    },
  );

  test('structures do as well', async () => {
    const execution = await run('Json');
    expect(execution.status).toBe('SUCCESS');
    const first = (await seen(execution, 'Look')) as { bytes: number };
    expect(first.bytes).toBeGreaterThan(49 * MB);
    expect(await seen(execution, 'Look again')).toEqual(first);
    const { data } = await download((await stepOf(execution, 'Make'))._id);
    expect(hashOf(JSON.stringify(data))).toBe((first as unknown as { sha256: string }).sha256);
  });

  test('bytes inside of structures stay bytes', async () => {
    const execution = await run('Mixed');
    const made = await stepOf(execution, 'Make');
    const { data } = decodeOutput(await system.deps.store.blobs.get(made.outputBlobId!));
    expect(data).toEqual({
      file: Buffer.alloc(200_000, 1),
      list: [{ file: Buffer.from([0, 255]) }],
    });
    expect(await seen(execution, 'Look again')).toEqual(await seen(execution, 'Look'));
  });

  test.each(['Bytes over', 'Text over', 'Wide text over'])(
    '%s 50 MB are the step’s own error, which says so, once',
    async (name) => {
      const execution = await run(name);
      expect(execution).toMatchObject({
        status: 'ERROR',
        epoch: 1,
        error: {
          code: 'component_error',
          stepName: 'Make',
          message: expect.stringMatching(/larger than 50 MB.*reference/),
        },
      });
    },
  );

  test('equal results are stored once', async () => {
    const execution = await run('Twice');
    const [one, other] = [await stepOf(execution, 'Make'), await stepOf(execution, 'Again')];
    expect(one.outputBlobId).toEqual(expect.any(String));
    expect(other.outputBlobId).toBe(one.outputBlobId);
  });

  test('state of 20 MB outlives a wait, apart from the record', async () => {
    const execution = await run('State');
    expect(execution).toMatchObject({ status: 'SUCCESS', error: null });
    expect(await seen(execution, 'Look')).toBe(20 * MB);
    const made = await stepOf(execution, 'Make');
    expect(made).toMatchObject({ states: null, statesBlobId: expect.any(String) });
  });

  test.each([
    ['application/octet-stream', Buffer.alloc(1000, 'x\u0000\u00ff', 'latin1'), 'Buffer'],
    ['application/json', Buffer.from(`"${'a'.repeat(997)}",`), 'list'],
  ])('a webhook’s body of 50 MB of type %s reaches the flow', async (contentType, piece, parsed) => {
    const isJson = contentType === 'application/json';
    const text = isJson ? Buffer.alloc(50 * MB, piece) : Buffer.alloc(50 * MB, piece);
    // One list, closed where the last item would be cut.
    if (isJson) {
      text.fill(' ', 50 * MB - ((50 * MB) % 1000) - 1);
      text.write(']', 50 * MB - 1);
      text.write('[', 0);
      text.write('"', 1);
    }
    const sent = await sendBody(subject.webhooks['Body']!, {
      bytes: text.length,
      piece: text,
      headers: { 'content-type': contentType },
    });
    expect(sent.status).toBe(200);
    const id = Buffer.from(String(sent.headers['prismatic-executionid']), 'base64').toString().split(':')[1];
    const execution = await until(
      'the end',
      () => system.deps.store.executions.findOne({ _id: id, phase: 'ended' }).lean(),
      50_000,
    );
    expect(execution).toMatchObject({ status: 'SUCCESS', error: null });
    expect(await seen(execution, 'Look')).toEqual({
      isBuffer: true,
      bytes: 50 * MB,
      sha256: hashOf(text),
      body: parsed,
    });
  });
});
