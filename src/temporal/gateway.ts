import type { DataSourceCallInput, LifecycleInput, LifecycleResult } from './contract';

/** What the rest of Tenon asks of Temporal, in its own words. */
export interface TemporalGateway {
  /** Creates what Tenon needs at the server: its search attributes. Throws while Temporal is away. */
  prepare(): Promise<void>;
  /**
   * Starts the driver of a stored execution under its workflow id. Starting twice is harmless: the second
   * call answers false. Throws `dependency_unavailable` while Temporal is away.
   */
  startDriver(start: DriverStart): Promise<boolean>;
  /** Starts a batch of stored executions under its workflow id; otherwise as `startDriver`. */
  startBatch(start: BatchStart): Promise<boolean>;
  /** Tells the driver to look at its execution's record again. Harmless when it is closed or not there. */
  wakeDriver(workflowId: string): Promise<void>;
  /** Starts what admits the runs of a queue, or lets it look again. Throws `dependency_unavailable` while Temporal is away. */
  wakeQueue(queue: QueueWake): Promise<void>;
  /**
   * Calls the lifecycle functions of an instance's triggers in a worker and waits for the end. Throws `conflict`
   * while that goes on already, `dependency_unavailable` when nobody does it in time.
   */
  runLifecycle(start: LifecycleStart): Promise<LifecycleResult>;
  /** Lets a worker call a data source and waits for it. Throws `dependency_unavailable` when nobody does it in time. */
  runDataSourceCall(start: DataSourceCallStart): Promise<void>;
  /** Creates or replaces the schedule of a flow; fires `flowExecution` with the time's own id. */
  putSchedule(schedule: FlowSchedule): Promise<void>;
  pauseSchedule(flowConfigId: string, isPaused: boolean): Promise<void>;
  deleteSchedule(flowConfigId: string): Promise<void>;
  /** Ends a running driver without running its code; used when an instance is deleted. */
  terminate(workflowId: string, reason: string): Promise<void>;
  /**
   * Whether the workflow is open; false for one that was closed or that the server does not know. Throws
   * `dependency_unavailable` while Temporal is away.
   */
  isOpen(workflowId: string): Promise<boolean>;
  /** Whether the frontend answers within `timeoutMs`. */
  ping(timeoutMs: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Ids and names for one driver; nothing here may be secret, it is shown in Temporal's Web UI. */
export interface DriverStart {
  workflowId: string;
  executionId: string;
  instanceId: string;
  customerId: string | null;
  integrationId: string;
  flowId: string;
  versionId: string | null;
  invokeType: string;
  /** One line of Markdown: customer, instance, flow, version. */
  summary: string;
  stepsPerActivity: number | null;
  /** Its first segment begins so many milliseconds later. */
  startDelayMs?: number;
}

/** As {@link DriverStart}, for at most 50 executions. */
export interface BatchStart {
  workflowId: string;
  members: Pick<
    DriverStart,
    'executionId' | 'instanceId' | 'customerId' | 'integrationId' | 'flowId' | 'versionId' | 'invokeType'
  >[];
  summary: string;
}

/** A queue and whose it is; nothing here may be secret. */
export interface QueueWake {
  key: string;
  instanceId: string;
  customerId: string | null;
  summary: string;
}

/** Which lifecycle functions to call; nothing here may be secret. */
export interface LifecycleStart {
  input: LifecycleInput;
  customerId: string | null;
  summary: string;
}

/** A stored call of a data source; nothing here may be secret. */
export interface DataSourceCallStart {
  input: DataSourceCallInput;
  instanceId: string;
  customerId: string | null;
  summary: string;
}

export interface FlowSchedule {
  flowConfigId: string;
  instanceId: string;
  customerId: string | null;
  integrationId: string;
  flowId: string;
  versionId: string;
  /** Five-field cron text. */
  cron: string;
  /** IANA name. */
  timeZone: string;
  isPaused: boolean;
  summary: string;
  stepsPerActivity: number | null;
}
