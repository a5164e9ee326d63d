import { randomUUID } from 'node:crypto';
import type { Deps } from '../../src/services/context';
import { uuidv7 } from '../../src/services/ids';
import { executionLine } from '../../src/services/logs/execution-line';
import type { Execution } from '../../src/store/models/execution.model';
import type { Instance } from '../../src/store/models/instance.model';
import { encodeOutput } from '../../src/store/output-codec';

interface Wanted {
  steps?: number;
  lines?: number;
  change?: Partial<Execution>;
}

/** An execution as a finished run leaves it: the record, step results and log lines, without having run. */
export async function aStoredExecution(
  deps: Deps,
  instance: Instance,
  { steps = 2, lines = 3, change = {} }: Wanted = {},
): Promise<{ executionId: string; stepResultIds: string[] }> {
  const executionId = uuidv7();
  // Long enough ago that nobody waits for its last lines.
  const at = new Date(Date.now() - 60_000);
  const owner = {
    organizationId: instance.organizationId,
    customerId: instance.customerId,
    instanceId: instance._id,
  };
  await deps.store.executions.create({
    _id: executionId,
    ...owner,
    integrationId: instance.integrationId,
    versionId: instance.versionId,
    flowConfigId: randomUUID(),
    flowId: randomUUID(),
    flowStableKey: 'Main',
    flowName: 'Main',
    planId: 'plan',
    configRevisionId: 'revision',
    invokeType: 'WEBHOOK',
    isTest: false,
    isSynchronous: false,
    status: 'SUCCESS',
    phase: 'ended',
    request: { method: 'POST', body: Buffer.from([0, 255, 1]), bodyBlobId: null, bodyBytes: 3 },
    answer: null,
    error: null,
    workflowId: `execution:${executionId}`,
    runId: null,
    epoch: 1,
    segment: { index: 0, tries: 1 },
    stepCount: steps,
    acceptedAt: at,
    startedAt: at,
    endedAt: at,
    ...change,
  });
  const stepResultIds = Array.from({ length: steps }, (_, ordinal) => `${executionId}/${ordinal}`);
  for (const [ordinal, _id] of stepResultIds.entries()) {
    await deps.store.stepResults.create({
      _id,
      executionId,
      instanceId: instance._id,
      ordinal,
      path: String(ordinal),
      stepKey: `step${ordinal}`,
      stepName: `Step ${ordinal}`,
      output: encodeOutput({ data: { ordinal } }),
      attempt: 1,
      epoch: 1,
      // Later ones began earlier: the two orders differ.
      startedAt: new Date(at.getTime() - ordinal),
      endedAt: new Date(at.getTime() + ordinal),
    });
  }
  for (let ordinal = 0; ordinal < lines; ordinal += 1) await aLogLine(deps, instance, executionId, ordinal);
  return { executionId, stepResultIds };
}

/** A line of an execution's log. */
export async function aLogLine(
  deps: Deps,
  instance: Instance,
  executionId: string,
  ordinal: number,
  message = `Line ${ordinal}`,
): Promise<void> {
  const { _id: instanceId, organizationId, customerId } = instance;
  const execution = { _id: executionId, organizationId, customerId, instanceId, flowName: 'Main' };
  const line = { timestamp: new Date(), severity: 'INFO', message, stepName: null } as const;
  await deps.store.logs.create(executionLine(execution, { epoch: 0, number: ordinal }, line));
}
