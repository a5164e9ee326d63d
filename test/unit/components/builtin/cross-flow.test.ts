import crossFlow from '../../../../src/components/builtin/cross-flow';
import { callAction, performOf } from './call-component';
import { type Reply, startServer } from './http-server';

const call = callAction(crossFlow);
const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

async function withSibling(
  answer: (count: number) => Reply,
  use: (context: object, seen: Awaited<ReturnType<typeof startServer>>['seen']) => Promise<void>,
): Promise<void> {
  const server = await startServer((_seen, count) => answer(count));
  const context = {
    webhookUrls: { 'Process Records': `${server.url}/trigger/abc` },
    webhookApiKeys: { 'Process Records': ['key-1', 'key-2'] },
    executionFrame: { executionId: 'e1', invokedByExecutionJWT: 'jwt' },
    executionId: 'e1',
    runnerAllocatedMemoryMb: 1,
  };
  try {
    await use(context, server.seen);
  } finally {
    await server.close();
  }
}

it('has the same action under a second name', async () => {
  await withSibling(
    () => ({ headers: JSON_TYPE, body: '{"executionId":"x1"}' }),
    async (context, seen) => {
      const result = await call('triggerFlow', { flowName: 'Process Records' }, context);
      expect(result).toEqual({ data: { executionId: 'x1' } });
      expect(seen).toHaveLength(1);
    },
  );
});

describe('invokeFlow', () => {
  it('posts JSON to the sibling with the lineage of this execution, and gives the execution id', async () => {
    await withSibling(
      () => ({ headers: JSON_TYPE, body: '{"executionId":"x9"}' }),
      async (context, seen) => {
        const result = await call('invokeFlow', { flowName: 'Process Records', data: [{ id: 1 }] }, context);
        expect(result).toEqual({ data: { executionId: 'x9' } });
        expect(seen).toHaveLength(1);
        expect(seen[0]).toMatchObject({ method: 'POST', url: '/trigger/abc' });
        expect(JSON.parse(seen[0]!.body.toString())).toEqual([{ id: 1 }]);
        expect(seen[0]!.headers).toMatchObject({
          'content-type': 'application/json',
          'api-key': 'key-1',
          'prismatic-invoke-type': 'Cross Flow',
          'prismatic-executionid': 'e1',
        });
        expect(JSON.parse(String(seen[0]!.headers['prismatic-invoked-by']))).toEqual({
          executionId: 'e1',
          invokedByExecutionJWT: 'jwt',
        });
      },
    );
  });

  it.each([
    ['text', 'hello', 'text/plain', 'hello'],
    ['JSON text', '{"a":1}', 'application/json', '{"a":1}'],
    ['bytes', Buffer.from([0, 255]), 'application/octet-stream', Buffer.from([0, 255])],
    ['a file', { data: Buffer.from('%PDF'), contentType: 'application/pdf' }, 'application/pdf', '%PDF'],
  ])('sends %s as it is', async (_kind, data, contentType, body) => {
    await withSibling(
      () => ({}),
      async (context, seen) => {
        const headers = [{ key: 'X-One', value: '1' }];
        await call('invokeFlow', { flowName: 'Process Records', data, headers }, context);
        expect(seen[0]!.headers).toMatchObject({ 'content-type': contentType, 'x-one': '1' });
        expect(seen[0]!.body).toEqual(Buffer.from(body));
      },
    );
  });

  it.each([
    [{ headers: { 'content-type': 'text/csv' }, body: 'a,b' }, { data: 'a,b' }],
    [
      { headers: { 'content-type': 'image/png' }, body: Buffer.from([1, 2]) },
      { data: Buffer.from([1, 2]), contentType: 'image/png' },
    ],
    [{ status: 204 }, { data: null }],
  ])('gives the answer of a synchronous flow: %j', async (answer, expected) => {
    await withSibling(
      () => answer,
      async (context) => {
        expect(await call('invokeFlow', { flowName: 'Process Records', data: '' }, context)).toEqual(
          expected,
        );
      },
    );
  });

  it('asks a full server again, and fails with what a flow answers', async () => {
    await withSibling(
      (count) => (count === 1 ? { status: 503 } : { status: 500, body: 'step "A" failed' }),
      async (context, seen) => {
        await expect(call('invokeFlow', { flowName: 'Process Records', data: 1 }, context)).rejects.toThrow(
          'Flow "Process Records" answered with status 500: step "A" failed',
        );
        expect(seen).toHaveLength(2);
      },
    );
  });

  it('names the flows that there are when it is given another', async () => {
    const context = { webhookUrls: { One: 'http://x/1', Two: 'http://x/2' } };
    await expect(call('invokeFlow', { flowName: 'Three', data: {} }, context)).rejects.toThrow(
      'This instance has no flow named "Three": there are "One", "Two".',
    );
    await expect(call('invokeFlow', { flowName: '', data: {} }, context)).rejects.toThrow(
      /Flow Name is empty/,
    );
  });

  it('names the input when the timeout is no number', async () => {
    const params = { flowName: 'One', data: 1, timeout: 'soon' };
    const context = { webhookUrls: { One: 'http://127.0.0.1:9/1' } };
    await expect(call('invokeFlow', params, context)).rejects.toThrow(/Timeout.*"soon"/);
  });
});

it('the trigger passes on what the other flow sent', async () => {
  const payload = { body: { data: [1] } };
  expect(await performOf(crossFlow, 'triggers', 'crossFlow')({}, payload, {})).toEqual({ payload });
});
