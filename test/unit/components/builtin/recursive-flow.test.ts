import recursiveFlow from '../../../../src/components/builtin/recursive-flow';
import { callAction, performOf } from './call-component';
import { startServer } from './http-server';

const call = callAction(recursiveFlow);
const trigger = performOf(recursiveFlow, 'triggers', 'recursiveTrigger');
const inputs = { defaultCursor: '1', runOnDeploy: 'true' };

/** What a runner leaves in the execution state after a call. */
const stateAfter = (result: Record<string, unknown>) => result['executionState'] as Record<string, unknown>;

describe('recursiveTrigger', () => {
  it.each([
    ['no body', { data: Buffer.alloc(0), contentType: '' }],
    ['an empty text', { data: '', contentType: 'application/json' }],
    ['an empty cursor', { data: { cursor: '' }, contentType: 'application/json' }],
    ['something else', { data: [1, 2], contentType: 'application/json' }],
  ])('begins with the default cursor for %s', async (_kind, body) => {
    const result = await trigger({}, { body, headers: { a: 'b' } }, inputs);
    expect(result['payload']).toEqual({
      headers: { a: 'b' },
      body: { data: { cursor: '1' }, contentType: 'application/json' },
    });
    expect(await call('getCursor', {}, { executionState: stateAfter(result) })).toEqual({ data: '1' });
  });

  it('begins with the cursor that it is sent, whatever its type', async () => {
    for (const cursor of [0, 41, 'abc', { page: 2 }]) {
      const body = { data: { cursor }, contentType: 'application/json' };
      const result = await trigger({}, { body }, inputs);
      expect(result['payload']).toEqual({ body });
      expect(await call('getCursor', {}, { executionState: stateAfter(result) })).toEqual({ data: cursor });
    }
  });
});

describe('setCursor and invokeRecursive', () => {
  it('starts the next run of the same flow with the cursor that was set last', async () => {
    const server = await startServer(() => ({
      headers: { 'content-type': 'application/json' },
      body: '{"executionId":"next"}',
    }));
    try {
      const set = await call('setCursor', { cursor: 6 }, {});
      expect(set['data']).toBe(6);
      const context = {
        flow: { name: 'Paged' },
        webhookUrls: { Paged: `${server.url}/trigger/p`, Other: `${server.url}/trigger/o` },
        webhookApiKeys: {},
        executionFrame: {},
        executionId: 'e1',
        executionState: stateAfter(set),
      };
      expect(await call('invokeRecursive', {}, context)).toEqual({ data: { executionId: 'next' } });
      expect(server.seen).toHaveLength(1);
      expect(server.seen[0]).toMatchObject({
        url: '/trigger/p',
        headers: { 'prismatic-invoke-type': 'Cross Flow', 'prismatic-synchronous': 'false' },
      });
      expect(JSON.parse(server.seen[0]!.body.toString())).toEqual({ cursor: 6 });
    } finally {
      await server.close();
    }
  });

  it('starts nothing when the cursor is empty', async () => {
    for (const cursor of ['', null, undefined]) {
      const set = await call('setCursor', { cursor }, {});
      const info = jest.fn();
      const context = { flow: { name: 'Paged' }, logger: { info }, executionState: stateAfter(set) };
      expect(await call('invokeRecursive', {}, context)).toEqual({ data: null });
      expect(info).toHaveBeenCalledWith(expect.stringContaining('recursion ends'));
    }
  });
});
