import { randomBytes, randomUUID } from 'node:crypto';
import { getComponent } from '../../src/services/components/get-component';
import { listComponents } from '../../src/services/components/list-components';
import { syncBuiltinComponents } from '../../src/services/components/sync-builtin-components';
import { createCustomer } from '../../src/services/customers/create-customer';
import { listCustomers } from '../../src/services/customers/list-customers';
import { getExecution } from '../../src/services/executions/read/get-execution';
import { getStepResult } from '../../src/services/executions/read/get-step-result';
import { listExecutions } from '../../src/services/executions/read/list-executions';
import { listStepResults } from '../../src/services/executions/read/list-step-results';
import { readRequestBody, readStepOutput } from '../../src/services/executions/read/read-step-output';
import { createInstance } from '../../src/services/instances/create-instance';
import { importIntegration } from '../../src/services/integrations/import-integration';
import { publishIntegration } from '../../src/services/integrations/publish-integration';
import { listLogs } from '../../src/services/logs/list-logs';
import type { Page } from '../../src/services/paging';
import type { Instance } from '../../src/store/models/instance.model';
import { encodeOutput } from '../../src/store/output-codec';
import { code, definition } from '../support/definition-builder';
import { errorOf, type Services, startServices } from '../support/services';
import { aLogLine, aStoredExecution } from '../support/stored-execution';

const body = [code('Answer', 'module.exports = async () => ({ data: 1 });')];

/** Every node of a list, page by page. */
async function readAll<T>(read: (after: string) => Promise<Page<T>>): Promise<T[]> {
  const nodes: T[] = [];
  for (let after = ''; ; ) {
    const page = await read(after);
    expect(page.cursors).toHaveLength(page.nodes.length);
    nodes.push(...page.nodes);
    if (!page.hasNextPage || page.endCursor === null) return nodes;
    after = page.endCursor;
  }
}

describe('reading', () => {
  let services: Services;
  let instance: Instance;
  beforeAll(async () => {
    services = await startServices();
    const { deps, ctx } = services;
    const integration = await importIntegration(deps, ctx, {
      definition: definition('Reading', [{ name: 'Main', steps: body }]),
    });
    await publishIntegration(deps, ctx, { id: integration._id });
    const customer = await createCustomer(deps, ctx, { name: 'Reader' });
    const wanted = { name: 'An instance', integrationId: integration._id, customerId: customer._id };
    instance = await createInstance(deps, ctx, wanted);
  });
  afterAll(() => services.stop());

  describe('page by page', () => {
    it('gives every object once, in order, while others come and go in front of and behind the cursor', async () => {
      const { deps, ctx } = services;
      const names = Array.from({ length: 9 }, (_, at) => `P${at + 1}`);
      for (const name of names) await createCustomer(deps, ctx, { name });
      let pages = 0;
      const found = await readAll(async (after) => {
        const page = await listCustomers(deps, ctx, { first: 2, after, search: 'p' });
        pages += 1;
        if (pages === 1) await createCustomer(deps, ctx, { name: 'P0 came late' });
        if (pages === 2) await deps.store.customers.deleteOne({ name: page.nodes.at(-1)?.name ?? '' });
        return page;
      });
      expect(found.map(({ name }) => name)).toEqual(names);
    });

    it('says that the last page is the last, also when it is full', async () => {
      const { deps, ctx } = services;
      for (const name of ['Q1', 'Q2']) await createCustomer(deps, ctx, { name });
      const page = await listCustomers(deps, ctx, { first: 2, search: 'Q' });
      expect([page.nodes.length, page.hasNextPage, await page.totalCount?.()]).toEqual([2, false, 2]);
      const none = await listCustomers(deps, ctx, { after: page.endCursor, search: 'Q' });
      expect([none.nodes, none.endCursor, none.hasNextPage]).toEqual([[], null, false]);
    });

    it('takes empty text and null for the start, and refuses cursors that are not of this list', async () => {
      const { deps, ctx } = services;
      const start = await listCustomers(deps, ctx, { first: 1 });
      for (const after of ['', null, undefined]) {
        expect((await listCustomers(deps, ctx, { first: 1, after })).endCursor).toBe(start.endCursor);
      }
      const ofComponents = (await listComponents(deps, ctx, { first: 1 })).endCursor ?? '';
      const forged = Buffer.from('["1name,1_id",{"$gt":""},1]').toString('base64url');
      for (const after of ['nonsense', '!', ofComponents, forged, `${start.endCursor}x`.slice(3)]) {
        const error = await errorOf(listCustomers(deps, ctx, { after }));
        expect([after, error.code, error.faults[0]?.field]).toEqual([after, 'invalid_input', 'after']);
      }
    });

    it('refuses page sizes out of range', async () => {
      const { deps, ctx } = services;
      for (const first of [0, -1, 101, 1.5]) {
        const error = await errorOf(listCustomers(deps, ctx, { first }));
        expect([error.code, error.faults[0]?.field]).toEqual(['invalid_input', 'first']);
      }
    });

    it('searches for the text itself, whatever signs it has', async () => {
      const { deps, ctx } = services;
      const name = `100% (a+b)* [x] ${randomUUID()}`;
      await createCustomer(deps, ctx, { name });
      expect(
        (await listCustomers(deps, ctx, { search: '% (A+B)* [' })).nodes.map((found) => found.name),
      ).toEqual([name]);
      expect((await listCustomers(deps, ctx, { search: '.*' })).nodes).toEqual([]);
    });
  });

  describe('executions', () => {
    it('lists the newest first, without bodies and answers, by every filter', async () => {
      const { deps, ctx } = services;
      const error = { code: 'component_error', message: 'm', stepKey: null, stepName: null };
      const made = [
        await aStoredExecution(deps, instance, { change: { acceptedAt: new Date('2026-01-01T00:00:00Z') } }),
        await aStoredExecution(deps, instance, {
          change: { acceptedAt: new Date('2026-01-02T00:00:00Z'), status: 'ERROR', error },
        }),
        await aStoredExecution(deps, instance, {
          change: { acceptedAt: new Date('2026-01-03T00:00:00Z'), isTest: true },
        }),
      ].map(({ executionId }) => executionId);
      const ids = async (filter: Parameters<typeof listExecutions>[2]) =>
        (await listExecutions(deps, ctx, { instanceId: instance._id, ...filter })).nodes.map(
          ({ _id }) => _id,
        );
      expect(await ids({})).toEqual(made.toReversed());
      expect(await ids({ hasError: true })).toEqual([made[1]]);
      expect(await ids({ status: 'ERROR' })).toEqual([made[1]]);
      expect(await ids({ isTest: false })).toEqual([made[1], made[0]]);
      expect(await ids({ startedAtGte: '2026-01-02T00:00:00.000000+00:00' })).toEqual([made[2], made[1]]);
      expect(await ids({ instanceId: randomUUID() })).toEqual([]);
      expect(
        await readAll((after) => listExecutions(deps, ctx, { first: 1, after, instanceId: instance._id })),
      ).toHaveLength(3);
      const [first] = (await listExecutions(deps, ctx, { instanceId: instance._id })).nodes;
      expect(Object.keys(first ?? {})).not.toContain('answer');
      expect(Object.keys(first?.request ?? {})).not.toContain('body');
    });

    it('hands out step results in either order, the last ones, by name, with their outputs, inline or as blobs', async () => {
      const { deps, ctx } = services;
      const { executionId, stepResultIds } = await aStoredExecution(deps, instance, { steps: 5 });
      const paths = async (wanted: object) =>
        (await listStepResults(deps, ctx, { executionId, ...wanted })).nodes.map(({ path }) => path).join('');
      expect(await paths({})).toBe('01234');
      expect(await paths({ orderBy: 'STARTED_AT' })).toBe('43210');
      expect(await paths({ orderBy: 'ENDED_AT', descending: true })).toBe('43210');
      expect(await paths({ last: 2 })).toBe('34');
      expect(await paths({ last: 2, descending: true })).toBe('10');
      expect(await paths({ displayStepName: 'Step 3' })).toBe('3');
      const all = await readAll((after) => listStepResults(deps, ctx, { executionId, first: 2, after }));
      expect(all.map(({ path }) => path).join('')).toBe('01234');
      expect(await (await listStepResults(deps, ctx, { executionId, first: 1 })).totalCount?.()).toBe(5);
      const small = await getStepResult(deps, ctx, { id: stepResultIds[4] ?? '' });
      expect(await readStepOutput(deps, small)).toEqual({ data: { ordinal: 4 } });
      const large = { data: randomBytes(300_000), contentType: 'application/octet-stream' };
      const outputBlobId = await deps.store.blobs.put(encodeOutput(large), {
        instanceId: instance._id,
        executionId,
      });
      await deps.store.stepResults.updateOne({ _id: small._id }, { $set: { output: null, outputBlobId } });
      expect(await readStepOutput(deps, await getStepResult(deps, ctx, { id: small._id }))).toEqual(large);
    });

    it('gives the body that started a run byte for byte', async () => {
      const { deps, ctx } = services;
      const { executionId } = await aStoredExecution(deps, instance);
      expect(await readRequestBody(deps, await getExecution(deps, ctx, { id: executionId }))).toEqual(
        Buffer.from([0, 255, 1]),
      );
    });
  });

  describe('logs', () => {
    it('a tail’s cursor gives exactly the lines written after it', async () => {
      const { deps, ctx } = services;
      const { executionId } = await aStoredExecution(deps, instance, { lines: 3 });
      const tail = (after: string) => listLogs(deps, ctx, { executionId, after, ascending: true });
      const seen = await tail('');
      expect(seen.nodes.map(({ message }) => message)).toEqual(['Line 0', 'Line 1', 'Line 2']);
      expect((await tail(seen.endCursor ?? '')).nodes).toEqual([]);
      for (const ordinal of [3, 4]) await aLogLine(deps, instance, executionId, ordinal);
      expect((await tail(seen.endCursor ?? '')).nodes.map(({ ordinal }) => ordinal)).toEqual([3, 4]);
    });

    it('finds words and beginnings of words, not the middle of one', async () => {
      const { deps, ctx } = services;
      const { executionId } = await aStoredExecution(deps, instance, { lines: 0 });
      await aLogLine(deps, instance, executionId, 0, 'Order 17 shipped (express)');
      await aLogLine(deps, instance, executionId, 1, 'Reorder failed');
      const found = async (search: string) =>
        (await listLogs(deps, ctx, { executionId, search })).nodes.map(({ ordinal }) => ordinal);
      expect(await found('ord')).toEqual([0]);
      expect(await found('EXPR ship')).toEqual([0]);
      expect(await found('order failed')).toEqual([]);
      expect(await found('.')).toEqual([]);
    });

    it('outside an execution the newest lines come first, by severity and time', async () => {
      const { deps, ctx } = services;
      const { executionId } = await aStoredExecution(deps, instance, { lines: 2 });
      await deps.store.logs.updateOne(
        { executionId, ordinal: 0 },
        { $set: { severity: 'ERROR', timestamp: new Date('2030-01-01') } },
      );
      const newest = (await listLogs(deps, ctx, { first: 1 })).nodes[0];
      expect([newest?.executionId, newest?.ordinal]).toEqual([executionId, 0]);
      const bounds = { from: '2029-01-01T00:00:00Z', to: '2031-01-01T00:00:00Z' };
      expect((await listLogs(deps, ctx, { ...bounds, severities: ['ERROR'] })).nodes).toHaveLength(1);
      expect((await listLogs(deps, ctx, { ...bounds, severities: ['INFO'] })).nodes).toHaveLength(0);
    });
  });

  describe('components', () => {
    it('storing the built-ins again makes no new version; a changed one gets the next number and becomes the latest', async () => {
      const { deps, ctx } = services;
      const before = await deps.store.componentVersions.countDocuments();
      await Promise.all([syncBuiltinComponents(deps), syncBuiltinComponents(deps)]);
      expect(await deps.store.componentVersions.countDocuments()).toBe(before);
      await deps.store.componentVersions.updateOne(
        { key: 'http', isLatest: true },
        { $set: { signature: 'of-yesterday' } },
      );
      await Promise.all([syncBuiltinComponents(deps), syncBuiltinComponents(deps)]);
      const [latest, ...others] = (await listComponents(deps, ctx, { key: 'http' })).nodes;
      expect([latest?.versionNumber, latest?.isLatest, others]).toEqual([2, true, []]);
      const all = (await listComponents(deps, ctx, { key: 'http', allVersions: true })).nodes;
      expect(all.map(({ versionNumber, isLatest }) => [versionNumber, isLatest])).toEqual([
        [2, true],
        [1, false],
      ]);
      expect((await listComponents(deps, ctx, { key: 'http', versionNumber: 1 })).nodes[0]?.signature).toBe(
        'of-yesterday',
      );
      expect((await getComponent(deps, ctx, { id: latest?._id ?? '' })).key).toBe('http');
    });

    it('are found by a part of the key or of the label', async () => {
      const { deps, ctx } = services;
      const keys = async (search: string) =>
        (await listComponents(deps, ctx, { search })).nodes.map(({ key }) => key);
      expect(await keys('stop-exec')).toEqual(['stop-execution']);
      expect(await keys('STOP EXEC')).toEqual(['stop-execution']);
      expect(
        (await listComponents(deps, ctx, { filterKeys: ['loop', 'branch'] })).nodes.map(({ key }) => key),
      ).toEqual(['branch', 'loop']);
      expect((await errorOf(getComponent(deps, ctx, { id: randomUUID() }))).code).toBe('not_found');
    });
  });
});
