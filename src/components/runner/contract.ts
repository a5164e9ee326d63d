import type { NetworkRules } from '../../net/network-rules';
import type { ComponentPin } from '../manifest';

/**
 * What is called of a component: an action's or a trigger's `perform`, a data source's, or one of the other
 * functions of a trigger, by its name in the bundle. Those of a trigger get context and params, or context and
 * result for the functions that look into one.
 */
export type CallKind =
  | 'action'
  | 'trigger'
  | 'dataSource'
  | 'onInstanceDeploy'
  | 'onInstanceDelete'
  | 'webhookCreate'
  | 'webhookDelete'
  | 'resolveTriggerItems'
  | 'getNextPaginationState'
  | 'onDeployPerform'
  | 'resolveOnDeployItems'
  | 'getOnDeployNextPaginationState';

/** One call of an action or a trigger. Plain data: it crosses a process border. */
export interface PerformRequest {
  component: ComponentPin;
  kind: CallKind;
  /** Of the action, trigger or data source. */
  key: string;
  /** File of a published component's or code-native integration's code; absent for built-ins. */
  bundlePath?: string;
  /** Local ports that this call may reach besides, and no other: they lead to services in customers' networks. */
  tunnelPorts?: number[];
  /** Components besides the built-in ones that the code may call by `context._components`. */
  reachable?: ReachableComponent[];
  /** The data part of the action context; functions are added in the runner. */
  context: Record<string, unknown>;
  params: Record<string, unknown>;
  /** Triggers: the payload. Functions that look into a trigger's result: that result. */
  payload?: unknown;
  /** Results of earlier steps by step key, for code steps; reaches the component as `context.stepResults`. */
  stepResults?: Record<string, unknown>;
}

/** A component that the code of another may call. */
export interface ReachableComponent {
  pin: ComponentPin;
  /** As in {@link PerformRequest}. */
  bundlePath?: string;
}

/** The state objects of a run, by the field of the context that holds them. */
export interface RunStates {
  executionState: Record<string, unknown>;
  instanceState: Record<string, unknown>;
  crossFlowState: Record<string, unknown>;
  integrationState: Record<string, unknown>;
}

/**
 * Why a call failed. `component_error`: the component threw. `timeout`, `out_of_memory` and `exited` are this
 * call's own doing. `runner_died`: the process ended under it, perhaps by the doing of another call.
 */
export interface PerformError {
  message: string;
  code: 'component_error' | 'runner_died' | 'timeout' | 'out_of_memory' | 'exited';
  stack?: string;
  /** The component says that the connection is at fault. */
  isConnectionError?: boolean;
  /** Name of the config variable that holds the connection at fault, where the component says it. */
  connectionConfigVar?: string;
  /** A built-in trigger refuses the request: the status that its caller gets, 4xx. */
  httpStatus?: number;
  details?: unknown;
}

export type PerformOutcome =
  | {
      ok: true;
      /** As the component returned it: bytes, dates and undefined are kept. */
      result: unknown;
      /** Those that the call changed, whole: changed in place, then merged with the returned ones. */
      states: Partial<RunStates>;
    }
  | { ok: false; error: PerformError };

export type Severity = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'METRIC';

export interface RunnerLogLine {
  timestamp: Date;
  severity: Severity;
  /** At most 4096 characters. */
  message: string;
}

/** What the pool says to a runner; several travel as one list. */
export type ToRunner =
  /** The first one lets calls begin; later ones take the place of the list. */
  | { type: 'deny'; addresses: string[]; rules?: NetworkRules }
  | { type: 'perform'; id: number; request: PerformRequest; ownsProcess: boolean }
  | { type: 'ping' };

/** What a runner says to the pool; several travel as one list. */
export type FromRunner =
  | { type: 'ready' }
  /** `number`: of a line that was noted as well, see `LineLog`. */
  | { type: 'log'; id: number; number: number | undefined; line: RunnerLogLine }
  | { type: 'done'; id: number; outcome: PerformOutcome }
  /** The call was not begun: its bundle changes built-in objects and wants a process that runs nothing else. */
  | { type: 'moved'; id: number }
  /** The call was not begun: the pool wanted it back, see `StartLog.withdraw`. */
  | { type: 'withdrawn'; id: number }
  /** The runner should get no further calls: component code did something that outlives its call. */
  | { type: 'spoiled'; reason: string }
  /** Memory, and processor time since it began. */
  | { type: 'pong'; rssBytes: number; cpuMs: number };
