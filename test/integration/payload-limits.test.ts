import { Client, Connection } from '@temporalio/client';
import { createCustomer } from '../../src/services/customers/create-customer';
import { createInstance } from '../../src/services/instances/create-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import type { Execution } from '../../src/store/models/execution.model';
import { code, definition, step, value } from '../support/definition-builder';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { sendBody } from '../support/send-body';
import { errorOf } from '../support/services';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const MB = 1024 * 1024;
const sync = (name: string, body: string, rest: object = {}) => ({
  name,
  isSynchronous: true,
  steps: [code('Do', `module.exports = async (context, stepResults) => { const MB = 1048576; ${body} };`)],
  ...rest,
});

const DEFINITION = definition('Limits', [
  sync('Show', 'return { data: stepResults.trigger.results };'),
  sync('Strings', 'return { data: Array.from({ length: 20 }, (_, n) => String(n % 10).repeat(MB)) };'),
  sync('Deep', 'let data = 1; for (let n = 0; n < 20000; n += 1) data = { data }; return { data };'),
  sync(
    'Keys',
    'return { data: Object.fromEntries(Array.from({ length: 300000 }, (_, n) => ["k" + n, n])) };',
  ),
  sync(
    'Long keys',
    'return { data: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [n + "k".repeat(MB), n])) };',
  ),
  sync('Many', 'return { data: Array.from({ length: 2000000 }, () => 1) };'),
  sync('State', "context.executionState.a = 'x'.repeat(70 * MB); return { data: 1 };"),
  sync('Long lines', "context.logger.info('€'.repeat(10 * MB)); return { data: 1 };"),
  sync('Lines', "for (let n = 0; n < 12000; n += 1) context.logger.info('line ' + n); return { data: 1 };"),
  sync('Error', "throw new Error('€'.repeat(10 * MB));"),
  sync(
    'Errors',
    "const error = new Error('outer'); error.cause = new Error('y'.repeat(MB)); error.name = 'n'.repeat(MB); error.code = 'c'.repeat(MB); throw error;",
  ),
  sync('Body', "return { data: 'x'.repeat(40 * MB), contentType: 'text/plain' };"),
  sync('Headers', "return { data: 1, headers: { 'x-long': 'y'.repeat(MB) } };"),
  sync('Type', "return { data: 1, contentType: 'text/' + 'y'.repeat(MB) };"),
  sync('Branch', "return { data: 1, branch: 'b'.repeat(20 * MB) };"),
] as never);

describe('what is sent or returned reaches no limit of Temporal or MongoDB', () => {
  let system: System;
  let subject: DeployedInstance;

  beforeAll(async () => {
    system = await startSystem({ env: { TENON_SYNC_ANSWER_SECONDS: '50' } });
    subject = await aDeployedInstance(system.deps, system.ctx, { definition: DEFINITION });
  });
  afterAll(() => system?.stop());

  const call = async (flow: string, init: RequestInit = {}, suffix = '') => {
    const response = await fetch(`${subject.webhooks[flow]!}${suffix}`, { method: 'POST', ...init });
    return { status: response.status, text: await response.text(), headers: response.headers };
  };
  const ended = (filter: object): Promise<Execution> =>
    until('the end', () =>
      system.deps.store.executions
        .findOne({ ...filter, phase: 'ended' })
        .sort({ acceptedAt: -1 })
        .lean(),
    );
  const failure = async (flowName: string) => {
    const { status, text } = await call(flowName);
    const execution = await ended({ flowName });
    // Once: a fault that is taken for one of the infrastructure would be tried again.
    expect(execution).toMatchObject({ status: 'ERROR', epoch: 1, error: { stepName: 'Do' } });
    expect(status).toBe(502);
    expect(text.length).toBeLessThan(40_000);
    return execution.error!.message;
  };

  test('bodies: 413 above the limit', async () => {
    const { status, text } = await sendBody(subject.webhooks['Show']!, {
      bytes: 6 * MB + 1,
      piece: Buffer.alloc(MB),
    });
    expect([status, JSON.parse(text)]).toMatchObject([413, { detail: 'The body is larger than 6.0 MB.' }]);
  });

  test('headers and query: up to 16 KB reach the flow, more is answered 431', async () => {
    const headers = Object.fromEntries(
      Array.from({ length: 140 }, (_one, n) => [`x-header-${n}`, 'v'.repeat(80)]),
    );
    const shown = await call('Show', { headers });
    expect(JSON.parse(shown.text).headers).toMatchObject({ 'x-header-139': 'v'.repeat(80) });
    expect((await call('Show', { headers: { 'x-long': 'v'.repeat(17_000) } })).status).toBe(431);
    const long = await call('Show', {}, `/${'p'.repeat(3000)}?q=${'q'.repeat(9000)}`);
    expect(JSON.parse(long.text)).toMatchObject({ pathFragment: 'p'.repeat(3000) });
    expect((await call('Show', {}, `?q=${'q'.repeat(17_000)}`)).status).toBe(431);
  });

  test('keys: an Idempotency-Key of 255 characters, an API key of any length', async () => {
    const key = (length: number) => call('Show', { headers: { 'idempotency-key': 'k'.repeat(length) } });
    expect((await key(255)).status).toBe(200);
    expect(await key(256)).toMatchObject({ status: 400, text: expect.stringContaining('255 characters') });
    expect((await call('Show', { headers: { 'api-key': 'k'.repeat(12_000) } })).status).toBe(200);
  });

  test('results: many large texts and very many keys succeed', async () => {
    const strings = await call('Strings');
    expect([strings.status, strings.text.length > 20 * MB]).toEqual([200, true]);
    const keys = await call('Keys');
    expect([keys.status, Object.keys(JSON.parse(keys.text)).length]).toEqual([200, 300_000]);
  });

  test.each([
    ['Deep', /stored|deep|depth|call stack/i],
    ['Many', /too many objects/],
    ['Long keys', /larger than 50 MB/],
    ['State', /states are larger than 64 MB/],
    ['Headers', /content type and headers are larger than 64 KB/],
    ['Type', /content type and headers are larger than 64 KB/],
  ])('results: %s is the step’s own error', async (flow, message) => {
    expect(await failure(flow)).toMatch(message);
  });

  test('a branch that nobody has, of any length, is no branch', async () => {
    expect((await call('Branch')).status).toBe(200);
  });

  test('errors are cut to 8 KB', async () => {
    for (const flow of ['Error', 'Errors']) {
      const message = await failure(flow);
      expect(Buffer.byteLength(message)).toBeLessThanOrEqual(8 * 1024);
      expect(Buffer.byteLength(message)).toBeGreaterThan(4 * 1024);
    }
  });

  test('log lines are cut, and those of one step counted', async () => {
    await call('Long lines');
    await call('Lines');
    const execution = await ended({ flowName: 'Long lines' });
    const [long] = await linesOf(execution, /^€/);
    expect(long!.message.length).toBeLessThanOrEqual(4096);
    const many = await ended({ flowName: 'Lines' });
    expect((await linesOf(many, /^line /)).length).toBe(10_000);
    expect(await linesOf(many, /^2000 further log lines/)).toHaveLength(1);
  });
  const linesOf = ({ _id: executionId }: Execution, message: RegExp) =>
    system.deps.store.logs.find({ executionId, message }).lean();

  test('answers of 40 MB reach a waiting caller', async () => {
    const { status, text, headers } = await call('Body');
    expect([status, text.length, headers.get('content-type')]).toEqual([200, 40 * MB, 'text/plain']);
  });

  test('names: longer than 200 characters are refused, in definitions than 1 000', async () => {
    const { deps, ctx } = system;
    const name = 'n'.repeat(201);
    const long = 'n'.repeat(1_001);
    const input = { name, integrationId: subject.versionId, customerId: subject.customerId };
    expect((await errorOf(createCustomer(deps, ctx, { name }))).code).toBe('invalid_input');
    expect((await errorOf(createInstance(deps, ctx, input))).code).toBe('invalid_input');
    const steps = [step('Note', 'log.writeLog', { level: value('info'), message: value('x') })];
    for (const text of [
      definition(long, [{ name: 'Flow', steps }]),
      definition('Named', [{ name: long, steps }]),
      definition('Named', [{ name: 'Flow', steps: [{ ...steps[0], name: long }] }]),
    ])
      expect((await errorOf(importIntegration(deps, ctx, { definition: text }))).code).toBe(
        'invalid_definition',
      );
  });

  test('names of 200 wide characters run, and fit what Temporal takes', async () => {
    const name = (first: string) => `${first}${'€'.repeat(199)}`;
    const steps = Array.from({ length: 50 }, (_one, n) => ({
      ...step('x', 'log.writeLog', { level: value('info'), message: value('x') }),
      name: `${n}${'€'.repeat(197)}`,
    }));
    const named = await aDeployedInstance(system.deps, system.ctx, {
      definition: definition(name('i'), [{ name: name('f'), steps }]),
    });
    const sent = await fetch(named.webhooks[name('f')]!, { method: 'POST' });
    expect(sent.status).toBe(200);
    expect(await ended({ instanceId: named.instanceId })).toMatchObject({ status: 'SUCCESS' });
  });

  test('a definition with 2,000 steps runs; one with too many is refused with the place', async () => {
    const withSteps = (count: number) =>
      definition('Very many steps', [
        {
          name: 'Long',
          steps: Array.from({ length: count }, (_one, n) =>
            step(`Step number ${n}`, 'log.writeLog', { level: value('info'), message: value('x') }),
          ),
        },
      ]);
    const large = await aDeployedInstance(system.deps, system.ctx, { definition: withSteps(2000) });
    await fetch(large.webhooks['Long']!, { method: 'POST' });
    expect(await ended({ instanceId: large.instanceId })).toMatchObject({
      status: 'SUCCESS',
      stepCount: 2001,
    });
    const refused = await errorOf(
      importIntegration(system.deps, system.ctx, { definition: withSteps(20_000) }),
    );
    expect(refused.code).toBe('invalid_definition');
    expect(refused.faults[0]?.messages[0]).toMatch(/the most that is read/);
  });

  test('after all of this, no event of a history is over 32 KB, and no workflow was ended by the server', async () => {
    const connection = await Connection.connect({ address: system.env.TENON_TEMPORAL_ADDRESS });
    const client = new Client({ connection, namespace: system.env.TENON_TEMPORAL_NAMESPACE });
    const { executions } = system.deps.store;
    expect(await executions.countDocuments({ workflowId: { $ne: null } })).toBeGreaterThan(15);
    // Those whose callers follow each other share some.
    const ids = (await executions.distinct('workflowId')).filter((id) => id !== null);
    for (const workflowId of ids) {
      const { events = [] } = await client.workflow.getHandle(workflowId).fetchHistory();
      const sizes = (events ?? []).map(sizeOf);
      expect({ workflowId, most: Math.max(...sizes) }).toMatchObject({
        workflowId,
        most: expect.any(Number),
      });
      expect(Math.max(...sizes)).toBeLessThan(32 * 1024);
      expect(sizes.length).toBeLessThan(100);
      for (const event of events ?? []) {
        expect(event.workflowExecutionTerminatedEventAttributes ?? null).toBeNull();
        expect(event.workflowTaskFailedEventAttributes ?? null).toBeNull();
      }
    }
    await connection.close();
  });
});

/** The bytes of everything in an event. */
function sizeOf(part: unknown): number {
  if (part instanceof Uint8Array || Buffer.isBuffer(part)) return part.length;
  if (ArrayBuffer.isView(part)) return part.byteLength;
  if (typeof part === 'string') return Buffer.byteLength(part);
  if (typeof part !== 'object' || part === null) return 8;
  return Object.values(part).reduce((bytes: number, one) => bytes + sizeOf(one), 0);
}
