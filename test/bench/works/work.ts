import type { BodyKind, RawWorkflow } from '../load/order';

/** Flows as the definition builder of the tests takes them. */
export interface WorkFlow {
  name: string;
  steps: unknown[];
  isSynchronous?: boolean;
  /** As the definition language has it. */
  queueConfig?: { usesFifoQueue: boolean };
}

/** How a work is loaded. */
export type Scenario =
  /** Many callers for the throughput, then one for the times. */
  | { kind: 'standard'; callers: number }
  /** Throughput and times of the same load. */
  | { kind: 'load'; callers: number; maxPerSecond?: number; total?: number }
  /** A fixed number at once. */
  | { kind: 'burst'; callers: number; deliveries: number; rawDeliveries: number }
  /** A second customer whose calls are slow, beside the one that is measured. */
  | { kind: 'beside'; slowCallers: number; slowPaceMs: number };

/** One row of the bench: a flow, its equal as a plain workflow, and the load. */
export interface Work {
  name: string;
  about: string;
  /** Runs only when it is named. */
  isOptional?: boolean;
  /** The flows of the integration; `serviceUrl` is where their calls go. */
  flows(serviceUrl: string): WorkFlow[];
  /** Customers, each with an instance of its own. */
  customers: number;
  isSynchronous: boolean;
  raw: RawWorkflow;
  /** What a reader must know of the plain workflow to compare. */
  rawNote?: string;
  body: BodyKind;
  /** Of one execution at the local service. */
  calls: number;
  /** Step results that one execution leaves. */
  steps: number;
  /** Items of a loop, for the time per item. */
  items?: number;
  scenario: Scenario;
}
