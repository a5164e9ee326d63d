import { setTimeout as delay } from 'node:timers/promises';
import { fromGlobalId } from '../../api/graphql/global-id';
import { DevError, reasonOf } from '../dev-error';
import type { ApiClient } from './api-client';
import { SAMPLE_ORDER } from './sample-order';

/** One finished run of the sample. */
export interface SampleRun {
  executionId: string;
  status: string;
  error: string | null;
  temporalUiUrl: string | null;
  durationMs: number;
  /** Output by step name, in the order of finishing; a list for a step in a loop. */
  steps: Record<string, unknown>;
  /** Names of those in a loop. */
  loopSteps: string[];
}

interface Execution {
  id: string;
  status: string;
  phase: string;
  error: { message: string; stepName: string | null } | null;
  temporalUrl: string | null;
  acceptedAt: string;
  endedAt: string | null;
}

interface Step {
  name: string;
  loopPath: string;
  error: { message: string } | null;
  output: unknown;
}

interface Page<T> {
  items: T[];
  endCursor: string | null;
  hasNextPage: boolean;
}

const LONGEST_RUN_MS = 60_000;

/** Sends the sample order to a webhook and waits until its execution has ended. */
export async function runSample(api: ApiClient, webhookUrl: string, signal: AbortSignal): Promise<SampleRun> {
  const executionId = await sendOrder(webhookUrl, signal);
  const execution = await untilEnded(api, executionId, signal);
  const { error } = execution;
  const steps = await listSteps(api, executionId);
  const place = error?.stepName ? `${error.stepName}: ` : '';
  return {
    executionId,
    status: execution.status,
    error: error === null ? null : `${place}${error.message}`,
    temporalUiUrl: execution.temporalUrl,
    durationMs: Date.parse(execution.endedAt ?? new Date().toISOString()) - Date.parse(execution.acceptedAt),
    steps: outputsByName(steps),
    loopSteps: steps.filter((step) => step.loopPath !== '').map((step) => step.name),
  };
}

async function sendOrder(webhookUrl: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(SAMPLE_ORDER),
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw new DevError(`The sample webhook ${webhookUrl} did not answer: ${reasonOf(error)}.`);
  });
  const text = await response.text();
  if (!response.ok)
    throw new DevError(`The sample webhook answered ${response.status}: ${text.slice(0, 300)}`);
  const { executionId } = JSON.parse(text) as { executionId?: string };
  if (executionId === undefined)
    throw new DevError(`The sample webhook named no execution: ${text.slice(0, 300)}`);
  // Webhooks answer with ids as GraphQL has them; REST and Temporal know the bare one.
  return fromGlobalId('InstanceExecutionResult', executionId);
}

async function untilEnded(api: ApiClient, executionId: string, signal: AbortSignal): Promise<Execution> {
  for (const deadline = Date.now() + LONGEST_RUN_MS; ; await delay(100, undefined, { signal })) {
    const execution = await api.get<Execution>(`/executions/${executionId}`);
    if (execution.phase === 'ended' || Date.now() > deadline) return execution;
  }
}

async function listSteps(api: ApiClient, executionId: string): Promise<Step[]> {
  const steps: Step[] = [];
  for (let after = ''; ; ) {
    const page = await api.get<Page<Step>>(`/executions/${executionId}/steps?first=100${after}`);
    steps.push(...page.items);
    if (!page.hasNextPage || page.endCursor === null) return steps;
    after = `&after=${encodeURIComponent(page.endCursor)}`;
  }
}

/** In the order of the list, which is that of finishing: a loop comes after its body. */
export function outputsByName(steps: Step[]): Record<string, unknown> {
  const outputs: Record<string, unknown> = {};
  for (const { name, loopPath, error, output } of steps) {
    const shown = error === null ? output : { error: error.message };
    if (loopPath === '') outputs[name] = shown;
    else outputs[name] = [...((outputs[name] as unknown[] | undefined) ?? []), shown];
  }
  return outputs;
}
