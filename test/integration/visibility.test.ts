import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import type { Execution } from '../../src/store/models/execution.model';
import { createDataConverter } from '../../src/temporal/codec/data-converter';
import { scheduleId } from '../../src/temporal/names';
import { SEARCH_ATTRIBUTES } from '../../src/temporal/search-attribute-keys';
import { ensureSearchAttributes } from '../../src/temporal/search-attributes';
import { code, definition, scheduled, step, value } from '../support/definition-builder';
import { deliver } from '../support/deliveries';
import { aDeployedInstance, type DeployedInstance } from '../support/deployed-instance';
import { type System, startSystem } from '../support/system';
import { until } from '../support/until';

const ODD_FAILS =
  "module.exports = async (context, { trigger }) => { if (trigger.results.body.data.id % 2) throw new Error('odd'); return { data: 'even' }; };";
const SLOW = 'module.exports = () => new Promise((done) => setTimeout(() => done({ data: 1 }), 500));';
const SUBJECT = definition('Visibility', [
  { name: 'Some fail', steps: [code('Odd fails', ODD_FAILS)] },
  { name: 'Other', steps: [code('Nothing', 'module.exports = async () => ({});')] },
  { name: 'Sleep', steps: [step('Sleep', 'sleep.sleep', { ms: value('600000') })] },
  {
    name: 'Nightly',
    trigger: scheduled('0 3 * * *'),
    steps: [code('Nothing', 'module.exports = async () => ({});')],
  },
  { name: 'Slow', steps: ['One', 'Two', 'Three', 'Four'].map((name) => code(name, SLOW)) },
]);

let connection: Connection;
beforeAll(async () => {
  connection = await Connection.connect({ address: String(process.env['TENON_TEST_TEMPORAL_ADDRESS']) });
});
afterAll(() => connection?.close());

describe('workflows of executions', () => {
  let system: System;
  let subject: DeployedInstance;
  let other: DeployedInstance;
  let client: Client;

  beforeAll(async () => {
    system = await startSystem();
    const { deps, ctx, env } = system;
    client = new Client({ connection, dataConverter: createDataConverter(env) });
    subject = await aDeployedInstance(deps, ctx, { definition: SUBJECT });
    other = await aDeployedInstance(deps, ctx, { definition: SUBJECT.replace('Visibility', 'Another') });
  });
  afterAll(() => system?.stop());

  const run = async (flow: string, id = 0, instance = subject): Promise<string> => {
    const executionId = await deliver(instance.webhooks[flow]!, { id });
    if (executionId === null) throw new Error('The delivery was not accepted.');
    return executionId;
  };
  const record = (id: string) => system.deps.store.executions.findById(id).lean<Execution>();
  const ended = (id: string) =>
    until('the end', async () => {
      const found = await record(id);
      return found?.phase === 'ended' ? found : undefined;
    });
  const list = async (query: string): Promise<WorkflowExecutionInfo[]> => {
    const found: WorkflowExecutionInfo[] = [];
    for await (const one of client.workflow.list({ query })) found.push(one);
    return found;
  };
  const idsOf = async (query: string) => (await list(query)).map(({ workflowId }) => workflowId).sort();
  /** Visibility follows within a moment. */
  const finds = (query: string, workflowIds: string[]) =>
    until(`${query} to find ${workflowIds.join(', ')}`, async () => {
      const found = await idsOf(query);
      return found.length === workflowIds.length && workflowIds.every((id) => found.includes(id));
    });
  const detailsOf = async (workflowId: string): Promise<string[]> => {
    const { currentDetails } = await client.workflow
      .getHandle(workflowId)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return currentDetails.split('\n');
  };

  test('a single run is found by each of its ids and by its failure, and by nothing of another', async () => {
    const a = await ended(await run('Some fail', 1));
    const b = await ended(await run('Other'));
    const c = await ended(await run('Some fail', 0, other));
    const [first, second, third] = [a.workflowId!, b.workflowId!, c.workflowId!];
    expect(first).toBe(`execution:${a._id}`);
    await finds(`TenonExecutionIds = '${a._id}'`, [first]);
    await finds(`TenonInstanceIds = '${subject.instanceId}'`, [first, second]);
    await finds(`TenonCustomerIds = '${subject.customerId}'`, [first, second]);
    await finds(`TenonIntegrationIds = '${a.integrationId}'`, [first, second]);
    await finds(`TenonVersionIds = '${a.versionId}'`, [first, second]);
    await finds(`TenonFlowIds = '${a.flowId}'`, [first]);
    await finds(`TenonFlowIds = '${c.flowId}'`, [third]);
    await finds(`TenonTrigger = 'WEBHOOK' AND TenonInstanceIds = '${other.instanceId}'`, [third]);
    await finds(`ExecutionStatus = 'Failed' AND TenonCustomerIds = '${subject.customerId}'`, [first]);
    await finds(`ExecutionStatus = 'Failed' AND TenonCustomerIds = '${other.customerId}'`, []);
    const [found] = await list(`TenonExecutionIds = '${a._id}'`);
    const attributes = found!.typedSearchAttributes.getAll().map(({ key, value: is }) => [key.name, is]);
    expect(Object.fromEntries(attributes)).toMatchObject({
      TenonExecutionIds: [a._id],
      TenonInstanceIds: [subject.instanceId],
      TenonCustomerIds: [subject.customerId],
      TenonIntegrationIds: a.integrationId,
      TenonFlowIds: a.flowId,
      TenonVersionIds: a.versionId,
      TenonTrigger: 'WEBHOOK',
    });
  });

  test('it tells customer, instance, integration, flow and version, and its steps with state, time and code', async () => {
    const execution = await ended(await run('Some fail', 1));
    const handle = client.workflow.getHandle(execution.workflowId!);
    const summary = await (await handle.describe()).staticSummary();
    const customer = await system.deps.store.customers.findById(subject.customerId).lean();
    expect(summary).toBe(`${customer!.name} · An instance · Visibility · Some fail · v1`);
    const [head, line, ...steps] = await detailsOf(execution.workflowId!);
    expect([head, line]).toEqual(['| Step | State | Time |', '| --- | --- | --- |']);
    expect(steps).toEqual([
      expect.stringMatching(/^\| Trigger \| ok \| \d+ ms \|$/),
      expect.stringMatching(/^\| Odd fails \| failed: component_error \| \d+ ms \|$/),
    ]);
  });

  // They would take half of a workflow's time.
  test('its worker takes no stack traces of the driver', async () => {
    const executionId = await run('Sleep', 0, other);
    const { workflowId } = await until('the wait', async () => {
      const found = await record(executionId);
      return found?.armedWait ? found : undefined;
    });
    const handle = client.workflow.getHandle(workflowId!);
    expect(await handle.query('__stack_trace')).toBe('');
  });

  test('a batch is found by each of its executions, counts as failed with one of them, and lists them all', async () => {
    const ids = await Promise.all(
      Array.from({ length: 40 }, (_, id) => run('Some fail', id % 8 === 5 ? 1 : 0)),
    );
    const executions = await Promise.all(ids.map(ended));
    const failed = executions.find(
      ({ workflowId, status }) => status === 'ERROR' && workflowId?.startsWith('batch:'),
    );
    const batchId = failed!.workflowId!;
    const members = executions.filter(({ workflowId }) => workflowId === batchId);
    expect(members.length).toBeGreaterThan(1);
    for (const { _id } of members) await finds(`TenonExecutionIds = '${_id}'`, [batchId]);
    await finds(`ExecutionStatus = 'Failed' AND TenonExecutionIds = '${failed!._id}'`, [batchId]);
    expect(await idsOf(`TenonFlowIds = '${failed!.flowId}'`)).toContain(batchId);
    expect(
      await idsOf(`ExecutionStatus = 'Failed' AND TenonCustomerIds = '${subject.customerId}'`),
    ).toContain(batchId);
    const [ran, , , , ...rows] = await detailsOf(batchId);
    expect(ran).toMatch(/^.+ · .+ · Visibility · Some fail( · v\d+)?$/);
    const faults = members.filter(({ status }) => status === 'ERROR').length;
    expect(rows).toHaveLength(members.length);
    const id = String.raw`\| [\da-f-]{36} \|`;
    const ok = new RegExp(`^${id} ok \\| \\d+ ms \\| Trigger \\d+ ms, Odd fails \\d+ ms \\|$`);
    const faulty = new RegExp(
      `^${id} failed: component_error \\| \\d+ ms \\| .*Odd fails failed: component.*_error \\d+ ms \\|$`,
    );
    for (const [at, row] of rows.entries()) expect(row).toMatch(at < faults ? faulty : ok);
    expect(rows[0]).toContain(members.find(({ status }) => status === 'ERROR')!._id);
  });

  test('a scheduled run is found by the execution that its first segment made', async () => {
    const { flowConfigIds, instanceId } = subject;
    await client.schedule.getHandle(scheduleId(flowConfigIds['Nightly']!)).trigger();
    const execution = await until('the run', () =>
      system.deps.store.executions.findOne({ instanceId, invokeType: 'SCHEDULED', phase: 'ended' }).lean(),
    );
    expect(execution.workflowId).toMatch(/^flow-schedule:/);
    await finds(`TenonExecutionIds = '${execution._id}'`, [execution.workflowId!]);
    await finds(`TenonTrigger = 'SCHEDULED' AND TenonInstanceIds = '${instanceId}'`, [execution.workflowId!]);
  });

  test('every query of the guide is one that the server understands', async () => {
    const guide = join(__dirname, '..', '..', 'docs', 'guides', 'find-an-execution-in-temporal.md');
    const text = readFileSync(guide, 'utf8');
    const queries = [...text.matchAll(/^\|[^|`]+\| `([^`|]+ = [^`|]+)` +\|$/gm)].map((match) => match[1]!);
    expect(queries.length).toBeGreaterThanOrEqual(12);
    for (const attribute of Object.values(SEARCH_ATTRIBUTES))
      expect(queries.filter((query) => query.includes(attribute.name))).not.toEqual([]);
    for (const query of queries) await client.workflow.count(query);
  });

  const ask = (id: string, what: string) =>
    fetch(`${system.apiUrl}/api/v1/executions/${id}/${what}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.accessToken}` },
    });

  test('what waits, and what is held, is found as such; what never did either has no status', async () => {
    const sleeping = await run('Sleep');
    const asleep = `execution:${sleeping}`;
    await finds(`TenonStatus = 'WAITING' AND TenonInstanceIds = '${subject.instanceId}'`, [asleep]);
    await ask(sleeping, 'cancel');
    await ended(sleeping);

    const slow = await run('Slow');
    await until('its first step', () => system.deps.store.stepResults.exists({ executionId: slow }));
    await ask(slow, 'hold');
    await finds(`TenonStatus = 'HELD' AND TenonInstanceIds = '${subject.instanceId}'`, [`execution:${slow}`]);
    await ask(slow, 'resume');
    await ended(slow);
    await finds(`TenonStatus = 'RUNNING' AND TenonExecutionIds = '${slow}'`, [`execution:${slow}`]);
    await finds(`TenonStatus IN ('WAITING', 'HELD') AND TenonInstanceIds = '${subject.instanceId}'`, []);

    const straight = await ended(await run('Other'));
    await finds(`TenonStatus IS NULL AND TenonExecutionIds = '${straight._id}'`, [straight.workflowId!]);
    const history = await client.workflow.getHandle(straight.workflowId!).fetchHistory();
    expect(history.events?.some((event) => event.upsertWorkflowSearchAttributesEventAttributes)).toBe(false);
  });
});

describe('the search attributes at start-up', () => {
  const { IndexedValueType } = temporal.api.enums.v1;

  /** A namespace of its own, which the server's caches know. */
  async function aNamespace(): Promise<string> {
    const namespace = `visibility-${randomUUID()}`;
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await until(
      'the namespace',
      () => connection.operatorService.listSearchAttributes({ namespace }).catch(() => undefined),
      60_000,
    );
    return namespace;
  }
  const typesOf = async (namespace: string) =>
    (await connection.operatorService.listSearchAttributes({ namespace })).customAttributes;

  test('are made where they are missing, with their types', async () => {
    const namespace = await aNamespace();
    await ensureSearchAttributes(connection, namespace);
    const { INDEXED_VALUE_TYPE_KEYWORD: keyword, INDEXED_VALUE_TYPE_TEXT: text } = IndexedValueType;
    const list = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST;
    expect(await typesOf(namespace)).toMatchObject({
      TenonExecutionIds: list,
      TenonInstanceIds: list,
      TenonCustomerIds: list,
      TenonIntegrationIds: text,
      TenonFlowIds: text,
      TenonVersionIds: text,
      TenonTrigger: keyword,
      TenonStatus: keyword,
    });
    await expect(ensureSearchAttributes(connection, namespace)).resolves.toBeUndefined();
  });

  test('of another type are refused, all at once, with what there is to do', async () => {
    const namespace = await aNamespace();
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: {
        TenonStatus: IndexedValueType.INDEXED_VALUE_TYPE_INT,
        TenonFlowIds: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST,
      },
    });
    await until('the attributes', async () => (await typesOf(namespace))?.['TenonStatus'], 60_000);
    await expect(ensureSearchAttributes(connection, namespace)).rejects.toThrow(
      `Search attributes of Temporal's namespace '${namespace}' have other types than Tenon's: ` +
        'TenonFlowIds is KeywordList, Text is wanted; TenonStatus is Int, Keyword is wanted. Remove them ' +
        `(temporal operator search-attribute remove --namespace ${namespace} --name TenonFlowIds --name TenonStatus) ` +
        'or use another namespace, and start again.',
    );
    expect(await typesOf(namespace)).not.toHaveProperty('TenonTrigger');
  });
});
