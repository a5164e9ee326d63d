import type { Worker } from '@temporalio/worker';
import type { RunnerPool } from '../../components/runner/pool';
import type { HealthParts } from '../../services/health/not-ready';
import type { Store } from '../../store/store';
import type { Fairness } from '../../temporal/fairness-probe';
import type { TemporalGateway } from '../../temporal/gateway';

const PING_TIMEOUT_MS = 700;

/** What a worker's health is read from; each part is set once it is there. */
export interface WorkerHealth {
  stopping: AbortSignal;
  fairness: Fairness | 'unknown';
  store?: Pick<Store, 'ping'>;
  temporal?: Pick<TemporalGateway, 'ping'>;
  worker?: Pick<Worker, 'getStatus'>;
  runners?: Pick<RunnerPool, 'canStart'>;
}

/** Looks at every part now. A worker that stops does not look any more. */
export async function lookAtWorker(health: WorkerHealth): Promise<HealthParts> {
  if (health.stopping.aborted) return { process: 'stopping' };
  const [isStoreThere, isTemporalThere] = await Promise.all([
    health.store?.ping(PING_TIMEOUT_MS),
    health.temporal?.ping(PING_TIMEOUT_MS),
  ]);
  return {
    mongodb: isStoreThere ? 'ok' : 'away',
    temporal: isTemporalThere ? 'ok' : 'away',
    polling: isPolling(health) ? 'ok' : 'stopped',
    runners: health.runners?.canStart() ? 'ok' : 'missing',
  };
}

function isPolling({ worker }: WorkerHealth): boolean {
  if (!worker) return false;
  const { runState, workflowPollerState, activityPollerState } = worker.getStatus();
  return [runState, workflowPollerState, activityPollerState].join() === 'RUNNING,POLLING,POLLING';
}
