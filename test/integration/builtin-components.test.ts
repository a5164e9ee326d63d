import { createRunnerPool, type PerformOutcome, type RunnerPool } from '../../src/components/runner/pool';
import { startServer } from '../unit/components/builtin/http-server';

let pool: RunnerPool;
beforeAll(() => {
  pool = createRunnerPool({ size: 1, memoryMb: 256 });
});
afterAll(() => pool.close());

async function call(
  component: string,
  key: string,
  params: Record<string, unknown>,
  context: Record<string, unknown> = {},
): Promise<Extract<PerformOutcome, { ok: true }>> {
  const pin = { key: component, isPublic: true, version: 1, signature: '' };
  const request = { component: pin, kind: 'action' as const, key, context, params };
  const outcome = await pool.perform(request, { timeoutMs: 20_000, onLog: () => {} });
  if (!outcome.ok) throw new Error(`${component}.${key}: ${outcome.error.message}`);
  return outcome;
}

/** The result of an action's call in a runner process. */
const dataOf = async (...args: Parameters<typeof call>) =>
  ((await call(...args)).result as { data: unknown }).data;

describe('shipped components in a runner process', () => {
  it('read and write every format there, and keep bytes as bytes', async () => {
    const text = await dataOf('change-data-format', 'jsonToXml', { data: '{"a":{"b":"1"}}' });
    expect(await dataOf('change-data-format', 'deserializeFromXml', { data: text })).toEqual({ a: { b: 1 } });
    expect(await dataOf('change-data-format', 'jsonToYaml', { data: '{"a":1}' })).toBe('a: 1\n');
    expect(await dataOf('csv', 'parse', { csv: 'a,b\n1,2', delimiter: ',' })).toHaveLength(2);
    expect(await dataOf('liquid-template', 'transform', { data: { a: 1 }, liquidTemplate: '{{ a }}' })).toBe(
      '1',
    );
    const archive = await dataOf('zip', 'zip', { files: { 'a.bin': Buffer.from([0, 255]) } });
    expect(await dataOf('zip', 'unzip', { zipFileData: archive })).toEqual({
      'a.bin': { data: Buffer.from([0, 255]), contentType: 'application/octet-stream' },
    });
    const message = await dataOf('messagepack', 'encodeMessage', { data: { file: Buffer.from([1]) } });
    expect(await dataOf('messagepack', 'decodeMessage', { message })).toEqual({ file: Buffer.from([1]) });
  });

  it('change no more of the states than they say', async () => {
    const context = { crossFlowState: { kept: 1, gone: 2 }, instanceState: { n: 1 } };
    const saved = await call(
      'persist-data',
      'saveCrossFlowValue',
      { keyInput: 'k', valueInput: 'v' },
      context,
    );
    expect(saved.states.crossFlowState).toEqual({ kept: 1, gone: 2, k: 'v' });
    const removed = await call('persist-data', 'removeCrossFlowValue', { keyInput: 'gone' }, context);
    expect(removed.states.crossFlowState).toEqual({ kept: 1 });
    const read = await call('persist-data', 'getUsage', {}, context);
    expect(read.result).toMatchObject({ data: { crossFlowState: { keys: 2 }, instanceState: { keys: 1 } } });
  });

  it('start the next run of a flow over HTTP with the cursor that was set', async () => {
    const server = await startServer(() => ({
      headers: { 'content-type': 'application/json' },
      body: '{"executionId":"next"}',
    }));
    try {
      const context = {
        flow: { id: 'f', name: 'Paged', stableId: 's' },
        webhookUrls: { Paged: `${server.url}/trigger/p` },
        webhookApiKeys: {},
        executionId: 'e1',
        executionFrame: { executionId: 'e1' },
      };
      const set = await call('recursive-flow', 'setCursor', { cursor: 7 }, context);
      const { executionState } = set.states;
      expect(await dataOf('recursive-flow', 'invokeRecursive', {}, { ...context, executionState })).toEqual({
        executionId: 'next',
      });
      expect(server.seen.map(({ body }) => body.toString())).toEqual(['{"cursor":7}']);
    } finally {
      await server.close();
    }
  });
});
