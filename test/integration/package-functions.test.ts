import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallKind } from '../../src/components/runner/contract';
import { createRunnerPool, type RunnerPool } from '../../src/components/runner/pool';
import {
  type CallOptions,
  callBundle,
  type PlacedBundle,
  placeBundle,
  resultOf,
} from '../support/package-runner';
import { buildPackage } from '../support/sdk-packages';

let folder: string;
let pool: RunnerPool;
let bundle: PlacedBundle;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'package-functions-'));
  pool = createRunnerPool({ size: 1, memoryMb: 256 });
  bundle = placeBundle(pool, await buildPackage('full-component.ts', 10, folder));
}, 300_000);
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (kind: CallKind, key: string, options?: CallOptions) =>
  callBundle(pool, bundle, [kind, key], options);

describe('functions of a deployment', () => {
  it.each([
    ['onInstanceDeploy', { deployed: '<World>' }],
    ['webhookCreate', { webhook: 'created' }],
    ['webhookDelete', { webhook: 'deleted' }],
  ] as const)('%s gets context and parameters, and gives states', async (kind, crossFlowState) => {
    expect(await call(kind, 'hook')).toMatchObject({ ok: true, states: { crossFlowState } });
  });

  it('onInstanceDelete removes a key that it returns as undefined', async () => {
    const context = { crossFlowState: { deployed: 'x', other: 1 } };
    const outcome = await call('onInstanceDelete', 'hook', { context });
    expect(outcome.ok && outcome.states.crossFlowState).toEqual({ other: 1 });
  });

  it('do nothing where a trigger has none', async () => {
    expect(resultOf(await call('onInstanceDeploy', 'batched'))).toBeUndefined();
  });

  it('of a trigger that is not there are an error', async () => {
    const outcome = await call('onInstanceDeploy', 'elsewhere');
    expect(outcome).toMatchObject({ ok: false, error: { message: expect.stringContaining('"elsewhere"') } });
  });
});

describe('a polling trigger', () => {
  it('keeps its state in that of the flow, and says when nothing is new', async () => {
    const first = await call('trigger', 'poll', { payload: { headers: {} }, params: { page: '3' } });
    // The SDK cleans an action's inputs with those of the trigger.
    expect(resultOf(first)).toMatchObject({ resultType: 'completed', payload: { body: { data: [3] } } });
    if (!first.ok) throw new Error('It failed.');
    const { instanceState } = first.states;
    const second = await call('trigger', 'poll', {
      payload: { headers: {} },
      context: { instanceState: instanceState ?? {} },
    });
    expect(resultOf(second)).toMatchObject({ resultType: 'polled_no_changes' });
  });
});

describe('a batch trigger', () => {
  const payload = { body: { data: [1, 2, 3] } };

  it('resolves its items and its next page', async () => {
    expect(resultOf(await call('resolveTriggerItems', 'batched', { payload: { payload } }))).toEqual([
      1, 2, 3,
    ]);
    const next = (more: object) =>
      call('getNextPaginationState', 'batched', { payload: { payload: { ...payload, ...more } } });
    expect(resultOf(await next({}))).toEqual({ page: 1 });
    expect(resultOf(await next({ paginationState: { page: 1 } }))).toBeNull();
  });

  it('has inputs of its own for the first run after a deploy', async () => {
    const first = await call('onDeployPerform', 'batched', { payload: {} });
    expect(resultOf(first)).toMatchObject({ payload: { body: { data: ['2020'] } } });
    expect(
      resultOf(await call('resolveOnDeployItems', 'batched', { payload: first.ok && first.result })),
    ).toEqual(['2020']);
  });
});

describe('a data source', () => {
  it('gets its own, smaller context', async () => {
    const context = { configVars: {}, customer: {}, instance: {}, user: {}, stepId: '1', webhookUrls: {} };
    const { result } = resultOf(await call('dataSource', 'colours', { context })) as { result: object[] };
    expect(result).toEqual([
      // The last two are added by the SDK.
      { key: '<World>', label: 'configVars,customer,debug,instance,invokeFlow,logger,user' },
      { key: 'red', label: 'Red' },
    ]);
  });
});

describe('context.invokeFlow', () => {
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ body: JSON.parse(body) as unknown, headers: request.headers }));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());

  it('posts to the address of a sibling flow, with where it comes from', async () => {
    const { port } = server.address() as AddressInfo;
    const executionFrame = { invokedByExecutionJWT: 'j', stepName: 'call', loopPath: '', executionId: 'e1' };
    const outcome = await call('action', 'callSibling', {
      context: {
        webhookUrls: { Sibling: `http://127.0.0.1:${port}/hooks/x` },
        webhookApiKeys: { Sibling: ['key-of-the-sibling'] },
        executionId: 'e1',
        executionFrame,
      },
    });
    const { data } = resultOf(outcome) as { data: { status: number; data: Record<string, unknown> } };
    expect(data.status).toBe(200);
    expect(data.data['body']).toEqual({ from: 'here' });
    expect(data.data['headers']).toMatchObject({
      'api-key': '[redacted]',
      'prismatic-invoke-type': 'Cross Flow',
      'prismatic-executionid': 'e1',
      'prismatic-invoked-by': JSON.stringify(executionFrame),
    });
  });
});
